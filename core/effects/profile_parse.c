/*
 * The text of a profile.
 *
 * Promises: gives a whole profile or an error with FILE:LINE; a word that means nothing is never
 * passed over; a tool of which nothing is said is an error, for it would be taken as harmless. Does
 * not open files. Called by profile.c.
 */
#include "config.h"

#include "core/diag.h"
#include "core/effects/profile.h"
#include "core/ini.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 3 * PROFILE_ARGS_MAX, QUOTED_MAX = 40, LIST_MAX = 64, SANDBOX_ENV_MAX = 16 };

struct parser {
	struct profile *profile;
	const char *file;
	unsigned line; /* of the statement */
	struct err *err;
	struct span words[WORDS_MAX];
	size_t count;
	bool name_seen, relative_seen, dialect_seen;
	size_t tool_cap;
};

static int shown(struct span word)
{
	return (int)(word.len < QUOTED_MAX ? word.len : QUOTED_MAX);
}

/* "%s:%u: WHAT: WORD, expected EXPECTED" with the nearest of the known words. */
static bool wrong(const struct parser *p, const char *what, struct span word,
	const char *const *known, size_t known_count, const char *expected)
{
	const char *near = known ? ini_nearest(word, known, known_count) : NULL;
	return fail(p->err, DIAG_CONFIG, "%s:%u: %s: %.*s, expected %s%s%s%s", p->file, p->line,
		what, shown(word), word.at, expected, near ? " (did you mean " : "",
		near ? near : "", near ? "?)" : "");
}

static bool broken(const struct parser *p, const char *what)
{
	return fail(p->err, DIAG_CONFIG, "%s:%u: %s", p->file, p->line, what);
}

static void append(char ***list, struct span word)
{
	size_t n = 0;
	while (*list && (*list)[n]) {
		n++;
	}
	*list = xrealloc(*list, (n + 2) * sizeof(**list));
	(*list)[n] = span_dup(word);
	(*list)[n + 1] = NULL;
}

static size_t length(char *const *list)
{
	size_t n = 0;
	while (list && list[n]) {
		n++;
	}
	return n;
}

/* ---- one tool ---- */

static bool role_of(struct parser *p, struct span word, enum arg_role *role)
{
	const char *known[ARG_ROLE_COUNT];
	for (int i = 0; i < ARG_ROLE_COUNT; i++) {
		known[i] = arg_role_name((enum arg_role)i);
		if (span_is(word, known[i])) {
			*role = (enum arg_role)i;
			return true;
		}
	}
	return wrong(p, "unknown role", word, known, COUNT_OF(known), "a role");
}

static bool effect_of(struct parser *p, struct span word, unsigned *effects)
{
	const char *known[TOOL_EFFECT_COUNT];
	for (int i = 0; i < TOOL_EFFECT_COUNT; i++) {
		known[i] = tool_effect_name((enum tool_effect)i);
		if (span_is(word, known[i])) {
			if (*effects & 1U << i) {
				return wrong(p, "effect twice", word, NULL, 0, "each once");
			}
			*effects |= 1U << i;
			return true;
		}
	}
	return wrong(
		p, "unknown effect", word, known, COUNT_OF(known), "an effect, or ARGUMENT=ROLE");
}

/* Those that may be missing, or have to be there to mean anything. */
static bool is_plain(enum arg_role role)
{
	return role == ARG_TEXT || role == ARG_NUMBER || role == ARG_FLAG || role == ARG_HELD ||
		role == ARG_OUTSIDE;
}

static bool add_arg(struct parser *p, struct profile_tool *tool, struct span name,
	const struct profile_arg *like)
{
	if (!name.len) {
		return broken(p, "an argument without a name, expected ARGUMENT=ROLE");
	}
	for (size_t i = 0; i < tool->arg_count; i++) {
		if (span_is(name, tool->args[i].name)) {
			return wrong(p, "argument twice", name, NULL, 0, "each once");
		}
	}
	if (span_is(name, "*") && like->role != ARG_TEXT) {
		return wrong(p, "any argument with a role of its own", name, NULL, 0, "*=text");
	}
	if (tool->arg_count == PROFILE_ARGS_MAX) {
		return broken(p, "too many arguments of one tool");
	}
	tool->args = xrealloc(tool->args, (tool->arg_count + 1) * sizeof(*tool->args));
	struct profile_arg *arg = &tool->args[tool->arg_count++];
	*arg = *like;
	arg->name = span_dup(name);
	return true;
}

/* Takes the mark off the end of a word. */
static bool ends_with(struct span *word, char mark)
{
	bool ends = word->len && word->at[word->len - 1] == mark;
	word->len -= ends;
	return ends;
}

/* ARGUMENT,...=ROLE*? */
static bool read_args(
	struct parser *p, struct profile_tool *tool, struct span word, const char *equals)
{
	struct span names = { word.at, (size_t)(equals - word.at) };
	struct span role = { equals + 1, word.len - names.len - 1 };
	struct profile_arg arg = { .optional = ends_with(&role, '?') };
	arg.many = ends_with(&role, '*');
	if (!role_of(p, role, &arg.role)) {
		return false;
	}
	arg.optional = arg.optional || is_plain(arg.role);
	for (bool more = true; more;) {
		const char *comma = memchr(names.at, ',', names.len);
		struct span name = { names.at, comma ? (size_t)(comma - names.at) : names.len };
		more = comma;
		names.at += name.len + more;
		names.len -= name.len + more;
		if (!add_arg(p, tool, name, &arg)) {
			return false;
		}
	}
	return true;
}

/* Roles that leave an effect by themselves; of the others a tool must say what it does. */
static bool says_something(const struct profile_tool *tool)
{
	bool says = tool->effects & ~(1U << TOOL_DEV_DB);
	for (size_t i = 0; i < tool->arg_count && !says; i++) {
		enum arg_role role = tool->args[i].role;
		says = !is_plain(role) && role != ARG_NAME && role != ARG_BRANCH &&
			role != ARG_PROGRAM && role != ARG_ARGS;
	}
	return says;
}

static bool read_tool(struct parser *p)
{
	struct profile *profile = p->profile;
	if (p->count < 2) {
		return broken(
			p, "tool without a name, expected tool NAME EFFECT... ARGUMENT=ROLE...");
	}
	for (size_t i = 0; i < profile->tool_count; i++) {
		if (span_is(p->words[1], profile->tools[i].name)) {
			return wrong(p, "tool twice", p->words[1], NULL, 0, "each once");
		}
	}
	if (profile->tool_count == PROFILE_TOOLS_MAX) {
		return broken(p, "too many tools");
	}
	profile->tools = xgrow(
		profile->tools, &p->tool_cap, profile->tool_count + 1, sizeof(*profile->tools));
	struct profile_tool *tool = &profile->tools[profile->tool_count++];
	*tool = (struct profile_tool){ .name = span_dup(p->words[1]), .line = p->line };
	for (size_t i = 2; i < p->count; i++) {
		const char *equals = memchr(p->words[i].at, '=', p->words[i].len);
		if (!(equals ? read_args(p, tool, p->words[i], equals)
			     : effect_of(p, p->words[i], &tool->effects))) {
			return false;
		}
	}
	if (!says_something(tool)) {
		return wrong(p, "tool of which nothing is said", p->words[1], NULL, 0,
			"an effect or a role that has one (`nothing` if it does nothing)");
	}
	return true;
}

/* ---- the other statements ---- */

static bool read_list(struct parser *p, char ***list)
{
	for (size_t i = 1; i < p->count; i++) {
		if (length(*list) == LIST_MAX) {
			return broken(p, "too many names");
		}
		append(list, p->words[i]);
	}
	return p->count > 1 || wrong(p, "nothing behind", p->words[0], NULL, 0, "a name");
}

/* One of a table's words behind the keyword, once in a file. */
static bool read_choice(struct parser *p, bool *seen, const char *const *known, size_t count,
	const char *expected, int *choice)
{
	if (*seen || p->count != 2) {
		return *seen ? wrong(p, "twice", p->words[0], NULL, 0, "once")
			     : wrong(p, "not one word behind", p->words[0], NULL, 0, expected);
	}
	*seen = true;
	for (size_t i = 0; i < count; i++) {
		if (span_is(p->words[1], known[i])) {
			*choice = (int)i;
			return true;
		}
	}
	return wrong(p, "unknown word", p->words[1], known, count, expected);
}

static bool read_name(struct parser *p)
{
	if (p->name_seen || p->count != 2) {
		return broken(p, "expected `profile NAME`, once");
	}
	p->name_seen = true;
	p->profile->name = span_dup(p->words[1]);
	return true;
}

static bool read_relative(struct parser *p)
{
	static const char *const known[] = { "unknown", "scope", "cwd" };
	int choice = 0;
	bool ok = read_choice(
		p, &p->relative_seen, known, COUNT_OF(known), "scope, cwd or unknown", &choice);
	p->profile->relative = (enum profile_relative)choice;
	return ok;
}

static bool read_dialect(struct parser *p)
{
	static const char *const known[] = { "any", "postgres", "sqlite", "mysql" };
	int choice = 0;
	bool ok = read_choice(p, &p->dialect_seen, known, COUNT_OF(known),
		"postgres, sqlite, mysql or any", &choice);
	p->profile->dialect = (enum sql_dialect)choice;
	return ok;
}

/* PREFIX SERVER BETWEEN TOOL, in one word */
static bool read_agent(struct parser *p)
{
	static const char server[] = "SERVER", tool[] = "TOOL";
	char *form = p->count == 2 ? span_dup(p->words[1]) : NULL;
	char *at = form ? strstr(form, server) : NULL, *end = at ? strstr(at, tool) : NULL;
	bool ok = end && end > at + sizeof(server) - 1 && !end[sizeof(tool) - 1] &&
		!p->profile->agent_prefix;
	if (ok) {
		struct span between = { at + sizeof(server) - 1, 0 };
		between.len = (size_t)(end - between.at);
		p->profile->agent_prefix = span_dup((struct span){ form, (size_t)(at - form) });
		p->profile->agent_between = span_dup(between);
	}
	free(form);
	return ok ||
		broken(p, "expected `agent` and the form of a name, as in mcp__SERVER__TOOL, once");
}

/* allow-net, env=NAME */
static bool read_sandbox(struct parser *p)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	for (size_t i = 1; i < p->count; i++) {
		struct span word = p->words[i];
		struct span name = { word.at + 4, word.len > 4 ? word.len - 4 : 0 };
		bool is_name = span_starts(word, "env=") && name.len;
		for (size_t k = 0; is_name && k < name.len; k++) {
			is_name = memchr(letters, name.at[k], sizeof(letters) - 1) != NULL;
		}
		if (span_is(word, "allow-net")) {
			p->profile->sandbox_net = true;
		} else if (is_name && length(p->profile->sandbox_env) < SANDBOX_ENV_MAX) {
			append(&p->profile->sandbox_env, name);
		} else {
			return wrong(p, "unknown word", word, NULL, 0, "allow-net or env=NAME");
		}
	}
	return p->count > 1 ||
		wrong(p, "nothing behind", p->words[0], NULL, 0, "allow-net or env=NAME");
}

static bool read_packages(struct parser *p)
{
	return read_list(p, &p->profile->packages);
}

static bool read_pypi(struct parser *p)
{
	return read_list(p, &p->profile->pypi);
}

static bool read_commands(struct parser *p)
{
	return read_list(p, &p->profile->commands);
}

static bool read_aliases(struct parser *p)
{
	return read_list(p, &p->profile->aliases);
}

static const struct {
	const char *word;
	bool (*read)(struct parser *p);
} statements[] = {
	{ "profile", read_name },
	{ "package", read_packages },
	{ "pypi", read_pypi },
	{ "command", read_commands },
	{ "alias", read_aliases },
	{ "relative", read_relative },
	{ "dialect", read_dialect },
	{ "agent", read_agent },
	{ "sandbox", read_sandbox },
	{ "tool", read_tool },
};

static bool read_statement(struct parser *p)
{
	const char *known[COUNT_OF(statements)];
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		known[i] = statements[i].word;
		if (!span_is(p->words[0], known[i])) {
			continue;
		}
		if (!p->name_seen && statements[i].read != read_name) {
			return broken(p, "expected `profile NAME` first");
		}
		return statements[i].read(p);
	}
	return wrong(p, "unknown word", p->words[0], known, COUNT_OF(known), "a keyword");
}

/* ---- lines ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Adds the words of a line; a comment ends it. */
static bool split(struct parser *p, struct span line)
{
	size_t i = 0;
	while (true) {
		while (i < line.len && is_space(line.at[i])) {
			i++;
		}
		if (i == line.len || line.at[i] == '#') {
			return true;
		}
		struct span word = { line.at + i, 0 };
		while (i < line.len && !is_space(line.at[i])) {
			if ((unsigned char)line.at[i] <= ' ' || (unsigned char)line.at[i] >= 0x7f) {
				return broken(p, "expected words of printable ASCII");
			}
			i++;
		}
		word.len = (size_t)(line.at + i - word.at);
		if (p->count == WORDS_MAX) {
			return broken(p, "too many words");
		}
		p->words[p->count++] = word;
	}
}

static bool flush(struct parser *p)
{
	bool ok = !p->count || read_statement(p);
	p->count = 0;
	return ok;
}

static bool read_lines(struct parser *p, struct span text)
{
	unsigned number = 0;
	for (struct span line; span_line(&text, &line);) {
		number++;
		if (line.len && !is_space(line.at[0]) && line.at[0] != '#') {
			if (!flush(p)) {
				return false;
			}
		}
		p->line = p->count ? p->line : number;
		if (!split(p, line)) {
			return false;
		}
	}
	return flush(p) &&
		(p->name_seen || broken(p, "no profile here, expected `profile NAME` first"));
}

bool profile_parse(struct profile *profile, const char *file, struct span text, struct err *err)
{
	*profile = (struct profile){ 0 };
	struct parser *p = xcalloc(1, sizeof(*p));
	*p = (struct parser){ .profile = profile, .file = file, .line = 1, .err = err };
	bool ok = text.len <= PROFILE_TEXT_MAX ? read_lines(p, text)
					       : broken(p, "too long for a profile");
	free(p);
	if (!ok) {
		profile_finish(profile);
	}
	return ok;
}

static void free_list(char **list)
{
	for (char **word = list; word && *word; word++) {
		free(*word);
	}
	free(list);
}

void profile_finish(struct profile *profile)
{
	for (size_t i = 0; i < profile->tool_count; i++) {
		struct profile_tool *tool = &profile->tools[i];
		for (size_t k = 0; k < tool->arg_count; k++) {
			free(tool->args[k].name);
		}
		free(tool->args);
		free(tool->name);
	}
	free(profile->tools);
	free_list(profile->aliases);
	free_list(profile->packages);
	free_list(profile->pypi);
	free_list(profile->commands);
	free_list(profile->sandbox_env);
	free(profile->agent_prefix);
	free(profile->agent_between);
	free(profile->name);
	*profile = (struct profile){ 0 };
}
