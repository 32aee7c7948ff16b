/*
 * Cases: read, then judged exactly as a broker judges a submission: extraction, facts, findings,
 * rules. What a gate would look up on the machine is looked up here, unless it is assumed.
 */
#include "config.h"

#include "ipc/policy_case.h"

#include "core/canon.h"
#include "core/diag.h"
#include "core/effects/extract.h"
#include "core/policy/assume.h"
#include "core/policy/findings.h"
#include "ipc/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static void read_text(struct span value, char **out)
{
	if (value.at && json_type(value) == JSON_STRING) {
		free(*out);
		*out = json_strdup(value);
	}
}

static void read_list(struct span value, char **list)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, item;
	size_t n = 0;
	enum json_type type = value.at ? json_type(value) : JSON_NONE;
	while (list[n]) {
		n++;
	}
	while ((type == JSON_ARRAY || type == JSON_OBJECT) && n < CASE_LIST_MAX &&
		json_next(&walk, &key, &item)) {
		char *text = json_type(item) == JSON_STRING ? json_strdup(item) : NULL;
		if (text) {
			list[n++] = text;
		}
	}
}

static bool is_trusted(struct span value)
{
	struct span said = { 0 };
	return json_type(value) == JSON_TRUE || json_is(value, "trusted") ||
		(json_type(value) == JSON_OBJECT && json_member(value, "trusted", &said) &&
			json_type(said) == JSON_TRUE);
}

/* Which servers are trusted: a list of names, or an object of them. */
static void read_servers(struct policy_case *c, struct span value)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, item;
	size_t n = 0;
	if (!value.at) {
		return;
	}
	c->servers_told = true;
	if (json_type(value) == JSON_ARRAY) {
		read_list(value, c->servers);
		return;
	}
	while (json_type(value) == JSON_OBJECT && n < CASE_LIST_MAX &&
		json_next(&walk, &key, &item)) {
		if (is_trusted(item)) {
			c->servers[n++] = span_dup(key);
		}
	}
}

static void read_links(struct policy_case *c, struct span value)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, item;
	while (value.at && json_type(value) == JSON_ARRAY && c->link_count < CASE_LIST_MAX &&
		json_next(&walk, &key, &item)) {
		struct case_link link = { 0 };
		bool object = json_type(item) == JSON_OBJECT;
		char *hard = object ? json_member_text(item, "hardlink") : NULL;
		char *fifo = object ? json_member_text(item, "fifo") : NULL;
		if (hard || fifo) {
			link.special = fifo;
			link.link = fifo ? fifo : hard;
			free(fifo ? hard : NULL);
		} else if (object) {
			link.link = json_member_text(item, "symlink");
			link.target = json_member_text(item, "target");
		}
		if (link.link && (link.target || hard || fifo)) {
			c->links[c->link_count++] = link;
		} else {
			free(link.link);
			free(link.target);
		}
	}
}

static void read_context(struct policy_case *c, struct span context)
{
	struct span scope = { 0 }, cwd = { 0 }, branch = { 0 }, protect = { 0 }, home = { 0 },
		    db = { 0 }, fs = { 0 }, tool_pin = { 0 }, server_pin = { 0 }, servers = { 0 },
		    annotations = { 0 }, broker = { 0 };
	const struct json_want wants[] = { JSON_WANT("scope", &scope), JSON_WANT("cwd", &cwd),
		JSON_WANT("branch", &branch), JSON_WANT("protected", &protect),
		JSON_WANT("home", &home), JSON_WANT("db", &db), JSON_WANT("fs", &fs),
		JSON_WANT("tool_pin", &tool_pin), JSON_WANT("server_pin", &server_pin),
		JSON_WANT("servers", &servers), JSON_WANT("annotations", &annotations),
		JSON_WANT("broker", &broker) };
	struct span hint = { 0 };
	if (!context.at || json_type(context) != JSON_OBJECT) {
		return;
	}
	json_pick(context, wants, COUNT_OF(wants));
	read_list(scope, c->scope);
	read_list(protect, c->protect);
	read_list(broker, c->self);
	read_text(cwd, &c->cwd);
	read_text(branch, &c->branch);
	read_text(home, &c->home);
	read_links(c, fs);
	read_servers(c, servers);
	c->protect_told = protect.at != NULL;
	c->dev_db = db.at && json_is(db, "dev");
	c->tool_changed = tool_pin.at && json_is(tool_pin, "changed");
	c->server_changed = server_pin.at && json_is(server_pin, "changed");
	c->destructive_hint = annotations.at && json_type(annotations) == JSON_OBJECT &&
		json_member(annotations, "destructiveHint", &hint) && json_type(hint) == JSON_TRUE;
}

/* The arguments as they would be on the wire, and whether a gate would forward them at all. */
static void read_arguments(
	struct policy_case *c, struct bench *bench, struct span arguments, struct span raw)
{
	if (raw.at && json_type(raw) == JSON_STRING) {
		json_decode(raw, &c->arguments);
	} else if (arguments.at && json_type(arguments) != JSON_NULL) {
		buf_span(&c->arguments, arguments);
	}
	if (!c->arguments.len) {
		return;
	}
	if (!json_validate(&bench->scan, buf_view(&c->arguments), JSON_STRICT)) {
		c->refused = bench->scan.fault;
	} else if (bench->scan.type != JSON_OBJECT) {
		c->refused = "arguments are not an object";
	}
}

/* Where a log of another machine has its user's home. */
static char *home_of(const char *cwd)
{
	static const char *const parents[] = { "/home/", "/Users/" };
	for (size_t i = 0; i < COUNT_OF(parents); i++) {
		size_t n = strlen(parents[i]);
		if (strncmp(cwd, parents[i], n) == 0 && cwd[n]) {
			return span_dup((struct span){ cwd, n + strcspn(cwd + n, "/") });
		}
	}
	return NULL;
}

static char *choose_profile(struct bench *bench, const char *asked, const char *server)
{
	const struct profile *profile = profiles_choose(bench->files.profiles, asked, NULL, server);
	return xstrdup(profile ? profile->name : "");
}

bool case_read(struct policy_case *c, struct bench *bench, struct span text, struct err *err)
{
	struct span id = { 0 }, session = { 0 }, server = { 0 }, tool = { 0 }, arguments = { 0 },
		    raw = { 0 }, context = { 0 }, expect = { 0 }, profile = { 0 };
	const struct json_want wants[] = { JSON_WANT("id", &id), JSON_WANT("session", &session),
		JSON_WANT("server", &server), JSON_WANT("tool", &tool),
		JSON_WANT("arguments", &arguments), JSON_WANT("raw_arguments", &raw),
		JSON_WANT("context", &context), JSON_WANT("expect", &expect),
		JSON_WANT("profile", &profile) };
	*c = (struct policy_case){ 0 };
	if (!json_validate(&bench->scan, text, JSON_LOOSE) || bench->scan.type != JSON_OBJECT) {
		return fail(err, DIAG_JSON, "a call is one JSON object: %s",
			bench->scan.fault ? bench->scan.fault : "this is another value");
	}
	json_pick(bench->scan.value, wants, COUNT_OF(wants));
	c->cwd = c->home = c->branch = c->expect = NULL;
	char *asked = NULL;
	read_text(id, &c->id);
	read_text(session, &c->session);
	read_text(server, &c->server);
	read_text(tool, &c->tool);
	read_text(expect, &c->expect);
	read_text(profile, &asked);
	read_context(c, context);
	if (!c->tool || (!c->server && !asked)) {
		free(asked);
		return fail(err, DIAG_JSON, "a call has \"server\", \"tool\" and \"arguments\"");
	}
	c->id = c->id ? c->id : xstrdup("");
	c->session = c->session ? c->session : xstrdup("");
	c->server = c->server ? c->server : xstrdup(asked);
	c->profile = choose_profile(bench, asked, c->server);
	free(asked);
	char cwd[4096];
	c->cwd = c->cwd ? c->cwd : xstrdup(getcwd(cwd, sizeof(cwd)) ? cwd : "/");
	if (!c->scope[0]) {
		c->scope[0] = xstrdup(c->cwd);
	}
	if (bench->assume && !c->home) {
		c->home = home_of(c->cwd);
	}
	read_arguments(c, bench, arguments, raw);
	return true;
}

static void free_list(char **list)
{
	for (; *list; list++) {
		free(*list);
	}
}

void case_finish(struct policy_case *c)
{
	char *const texts[] = { c->id, c->session, c->server, c->tool, c->profile, c->expect,
		c->cwd, c->home, c->branch };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(texts[i]);
	}
	for (size_t i = 0; i < c->link_count; i++) {
		free(c->links[i].link);
		free(c->links[i].target);
	}
	free_list(c->scope);
	free_list(c->protect);
	free_list(c->self);
	free_list(c->servers);
	buf_finish(&c->arguments);
	*c = (struct policy_case){ 0 };
}

/* ---- facts ---- */

/* Links that the case speaks of and this machine does not have: the path is looked at where they
 * would lead. */
static char *through_links(const struct policy_case *c, const char *path)
{
	char *now = xstrdup(path);
	for (size_t steps = 0; steps < 16; steps++) {
		bool moved = false;
		for (size_t i = 0; i < c->link_count && !moved; i++) {
			struct stat st;
			const char *link = c->links[i].link, *target = c->links[i].target;
			size_t n = strlen(link);
			if (!target || lstat(link, &st) == 0 || !path_below(link, now)) {
				continue;
			}
			const char *slash = strrchr(link, '/');
			char *next = target[0] == '/' ? xasprintf("%s%s", target, now + n)
						      : xasprintf("%.*s/%s%s", (int)(slash - link),
								link, target, now + n);
			free(now);
			now = next;
			moved = true;
		}
		if (!moved) {
			return now;
		}
	}
	now[0] = '\0'; /* they lead in a circle */
	return now;
}

static void redirect(const struct policy_case *c, struct effects *effects, char **given)
{
	for (size_t i = 0; i < effects->count; i++) {
		struct effect *e = &effects->list[i];
		given[i] = e->given;
		if (c->link_count && effect_has_path(e->kind) && e->given[0]) {
			const char *base = strcmp(e->base, "scope:") == 0 ? c->scope[0] : e->base;
			char *full = e->given[0] == '/' || e->given[0] == '~' || base[0] != '/'
				? xstrdup(e->given)
				: xasprintf("%s/%s", base, e->given);
			e->given = through_links(c, full);
			if (strstr(full, "..") && strcmp(full, e->given) != 0) {
				e->given[0] = '\0'; /* ".." behind a link */
			}
			free(full);
		}
	}
}

/* Other names and pipes that the case speaks of. */
static void lay_links(const struct policy_case *c, struct effects *effects)
{
	for (size_t i = 0; i < effects->count * c->link_count; i++) {
		struct fact *fact = &effects->list[i / c->link_count].fact;
		const struct case_link *link = &c->links[i % c->link_count];
		struct stat st;
		if (!link->target && fact->path && strcmp(fact->path, link->link) == 0 &&
			lstat(link->link, &st) != 0) {
			fact->state = link->special ? FACT_SPECIAL : FACT_FILE;
			fact->links = 2;
		}
	}
}

static void direct_back(struct effects *effects, char **given)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].given != given[i]) {
			free(effects->list[i].given);
			effects->list[i].given = given[i];
		}
	}
}

static struct facts *facts_for(struct bench *bench, const struct policy_case *c)
{
	struct buf key = { 0 };
	size_t count = 0;
	buf_text(&key, c->cwd);
	for (; c->scope[count]; count++) {
		buf_char(&key, '\n');
		buf_text(&key, c->scope[count]);
	}
	if (bench->facts_key && strcmp(bench->facts_key, buf_cstr(&key)) == 0) {
		buf_finish(&key);
		return bench->facts;
	}
	struct err err;
	if (bench->facts) {
		facts_finish(bench->facts);
	}
	free(bench->facts);
	free(bench->facts_key);
	bench->facts = xcalloc(1, sizeof(*bench->facts));
	bench->facts_key = buf_cstr(&key);
	if (chdir(c->cwd) != 0 ||
		!facts_init(bench->facts, c->scope, count, c->home ? c->home : bench->home, &err)) {
		free(bench->facts);
		free(bench->facts_key);
		bench->facts = NULL;
		bench->facts_key = NULL;
	}
	return bench->facts;
}

static void told_branch(const struct policy_case *c, struct effects *effects)
{
	for (size_t i = 0; c->branch && i < effects->count; i++) {
		struct effect *e = &effects->list[i];
		if (effect_has_repo(e->kind) && e->fact.inside) {
			free(e->fact.text);
			e->fact.text = xstrdup(c->branch);
		}
	}
}

static void look_up(struct bench *bench, const struct policy_case *c, struct effects *effects)
{
	char **given = xcalloc(effects->count + 1, sizeof(*given));
	redirect(c, effects, given);
	if (bench->assume) {
		struct assumed assumed = { .scope = (const char *const *)c->scope,
			.home = c->home ? c->home : bench->home,
			.branch = c->branch ? c->branch : "",
			.default_branch = "" };
		while (c->scope[assumed.scope_count]) {
			assumed.scope_count++;
		}
		effects_assume(effects, &assumed);
	} else {
		struct facts *facts = facts_for(bench, c);
		if (facts) {
			facts_gather_now(facts, effects);
		}
		told_branch(c, effects);
	}
	lay_links(c, effects);
	direct_back(effects, given);
	free(given);
}

/* ---- judging ---- */

/* The case's own list of protected branches takes the place of the user's. */
static const struct rules *rules_for(struct bench *bench, const struct policy_case *c)
{
	struct buf text = { 0 };
	struct err err;
	if (!c->protect_told && !bench->assume) {
		return policy_projects_rules(&bench->projects, &bench->files, c->scope[0]);
	}
	if (!c->protect_told || bench->files.held) {
		return bench->files.joined;
	}
	buf_text(&text, "version 1\nprotect branch");
	for (size_t i = 0; c->protect[i]; i++) {
		buf_printf(&text, " %s", c->protect[i]);
	}
	buf_text(&text, "\n");
	if (bench->protect_text && strcmp(bench->protect_text, buf_cstr(&text)) == 0) {
		buf_finish(&text);
		return bench->case_rules ? bench->case_rules : bench->files.joined;
	}
	rules_destroy(bench->case_rules);
	rules_destroy(bench->protect_rules);
	free(bench->protect_text);
	bench->protect_rules = rules_parse("case", LEVEL_USER, buf_view(&text), NULL, &err);
	bench->protect_text = buf_cstr(&text);
	const struct rules *levels[] = { bench->files.builtin, bench->files.system,
		bench->files.user, bench->protect_rules };
	bench->case_rules = bench->protect_rules ? rules_join(levels, COUNT_OF(levels), NULL, NULL)
						 : NULL;
	return bench->case_rules ? bench->case_rules : bench->files.joined;
}

static bool accepted(const struct policy_case *c)
{
	for (size_t i = 0; c->servers[i]; i++) {
		if (strcmp(c->servers[i], c->server) == 0) {
			return true;
		}
	}
	return !c->servers_told;
}

/* A profile says that a tool only reads; what the server says of it may make that doubtful, never
 * better. */
static void doubt(const struct policy_case *c, struct effects *effects)
{
	bool reads = effects->count > 0;
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		reads = reads &&
			(e->kind == EFFECT_READ || e->kind == EFFECT_NOTHING ||
				(e->kind == EFFECT_REMOTE && strcmp(e->how, "read") == 0));
	}
	if (c->destructive_hint && reads) {
		effects_add(effects, EFFECT_UNKNOWN, "",
			"the server says that this tool is destructive", NULL, NULL);
	}
}

static void refuse(const struct policy_case *c, struct case_verdict *out)
{
	out->judgement = (struct judgement){
		.verdict = VERDICT_DENY, .risk = RISK_HIGH, .rule = "built-in:json"
	};
	snprintf(out->judgement.reason, sizeof(out->judgement.reason),
		"the arguments are not JSON that is forwarded: %s", c->refused);
}

/* The same tool with the same arguments, however they are written. */
static void name_form(const struct policy_case *c, struct span arguments, char out[HASH_HEX + 1])
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, span_of(c->server));
	hash_part(&run, span_of(c->tool));
	canon_hash(&run, arguments);
	struct hash hash = hash_end(&run);
	hash_hex(&hash, out);
}

/* As a line's reader finds it: without the space around it. Absent if there is none. */
static struct span trimmed(struct span value)
{
	while (value.len && strchr(" \t\r\n", value.at[0])) {
		value.at++;
		value.len--;
	}
	while (value.len && strchr(" \t\r\n", value.at[value.len - 1])) {
		value.len--;
	}
	return value.len ? value : (struct span){ 0 };
}

void case_judge(struct bench *bench, const struct policy_case *c, struct case_verdict *out)
{
	*out = (struct case_verdict){ 0 };
	if (c->refused) {
		refuse(c, out);
		return;
	}
	struct span arguments = trimmed(buf_view(&c->arguments));
	struct extract extract = { .profiles = bench->files.profiles,
		.profile = span_of(c->profile),
		.method = SPAN("tools/call"),
		.tool = span_of(c->tool),
		.arguments = arguments,
		.server = c->server,
		.cwd = c->cwd,
		.dev_db = c->dev_db };
	effects_extract(&out->effects, &extract);
	look_up(bench, c, &out->effects);
	doubt(c, &out->effects);
	const struct findings_in findings = { .secrets = bench->secrets,
		.arguments = arguments,
		.tool_pin = c->tool_changed ? "its definition changed since it was accepted" : NULL,
		.server_pin = c->server_changed
			? "the server's command changed since it was accepted"
			: accepted(c) ? NULL
				      : "nobody accepted this server" };
	findings_add(&out->effects, &findings);
	name_form(c, arguments, out->same);
	out->call = (struct policy_call){ .method = SPAN("tools/call"),
		.tool = span_of(c->tool),
		.profile = span_of(c->profile),
		.server = span_of(c->server),
		.same = { out->same, HASH_HEX },
		.effects = &out->effects,
		.rules = rules_for(bench, c),
		.self = (const char *const *)(c->self[0] ? c->self : bench->files.self),
		.home = c->home ? c->home : bench->home,
		.scope = (const char *const *)c->scope,
		.agreed = true,
		.listed = true };
	policy_judge(&out->call, &out->judgement);
}

void case_verdict_finish(struct case_verdict *verdict)
{
	effects_finish(&verdict->effects);
}

bool bench_init(struct bench *bench, const struct paths *paths, struct err *err)
{
	unsigned char key[32];
	*bench = (struct bench){ .home = paths->home };
	if (getrandom(key, sizeof(key), 0) != sizeof(key)) {
		return fail(err, DIAG_NONE, "no random numbers");
	}
	bench->secrets = secrets_create(key, err);
	if (!bench->secrets) {
		return false;
	}
	policy_files_init(&bench->files, paths);
	return true;
}

void bench_finish(struct bench *bench)
{
	if (bench->facts) {
		facts_finish(bench->facts);
	}
	free(bench->facts);
	free(bench->facts_key);
	rules_destroy(bench->case_rules);
	rules_destroy(bench->protect_rules);
	free(bench->protect_text);
	secrets_destroy(bench->secrets);
	json_finish(&bench->scan);
	policy_projects_finish(&bench->projects);
	policy_files_finish(&bench->files);
}
