/*
 * The table of agents, and the look at one of their files: which servers it starts and how, which
 * of our hooks stand in it. Changes nothing; an entry that is not understood is said to be odd, and
 * nobody touches it.
 */
#include "config.h"

#include "core/agent_impl.h"

#include <stdlib.h>

#define DECLARE(name) extern const struct agent agent_##name;
HOOK_FORMS(DECLARE)

static const struct agent *const agents[] = {
#define LINE(name) &agent_##name,
	HOOK_FORMS(LINE)
};

const struct agent *agent_at(size_t i)
{
	return i < COUNT_OF(agents) ? agents[i] : NULL;
}

const struct agent *agent_find(struct span name)
{
	for (size_t i = 0; i < COUNT_OF(agents); i++) {
		if (span_is(name, agents[i]->name)) {
			return agents[i];
		}
	}
	return NULL;
}

/* ---- command lines ---- */

const char *agent_word_end(const char *line, struct buf *store)
{
	for (char quote = 0; *line && (quote || !strchr(" \t", *line)); line++) {
		if (quote != '\'' && *line == '\\' && line[1]) {
			buf_char(store, *++line);
		} else if (quote ? *line == quote : *line == '\'' || *line == '"') {
			quote = quote ? 0 : *line;
		} else {
			buf_char(store, *line);
		}
	}
	return line;
}

size_t agent_words(const char *line, struct buf *store, const char **words, size_t cap)
{
	size_t count = 0, begin[16];
	buf_room(store, 2 * strlen(line) + 1); /* so that it does not move */
	while (count < cap && count < COUNT_OF(begin)) {
		line += strspn(line, " \t");
		if (!*line) {
			break;
		}
		begin[count++] = store->len;
		line = agent_word_end(line, store);
		buf_char(store, '\0');
	}
	for (size_t i = 0; i < count; i++) {
		words[i] = store->data + begin[i];
	}
	return count;
}

size_t agent_is_ours(const char *const *words, size_t count, const char *command)
{
	size_t i = 1;
	if (!count || strcmp(path_name(words[0]), "bascule") != 0) {
		return 0;
	}
	while (i < count && words[i][0] == '-') {
		i += strcmp(words[i], "--root") == 0 ? 2 : 1;
	}
	return i < count && strcmp(words[i], command) == 0 ? i : 0;
}

/* ---- reading values ---- */

static conf_id member(const struct conf *conf, conf_id id, const char *key)
{
	return id != CONF_NOWHERE && conf_node(conf, id)->type == CONF_OBJECT
		? conf_member(conf, id, span_of(key))
		: CONF_NOWHERE;
}

static bool is_type(const struct conf *conf, conf_id id, enum conf_type type)
{
	return id != CONF_NOWHERE && conf_node(conf, id)->type == type;
}

static char *text_of(const struct conf *conf, conf_id id)
{
	struct buf text = { 0 };
	char *copy = NULL;
	if (is_type(conf, id, CONF_STRING) && conf_text(conf, id, &text)) {
		copy = xstrdup(buf_cstr(&text));
	}
	buf_finish(&text);
	return copy;
}

static long number_of(const struct conf *conf, conf_id id)
{
	struct span raw = is_type(conf, id, CONF_NUMBER) ? conf_value(conf, id) : SPAN("");
	char digits[16] = "";
	const char *point = raw.len ? memchr(raw.at, '.', raw.len) : NULL; /* TOML has 60.0 too */
	raw.len = point ? (size_t)(point - raw.at) : raw.len;
	if (!span_digits(raw) || raw.len >= sizeof(digits)) {
		return -1;
	}
	memcpy(digits, raw.at, raw.len);
	return strtol(digits, NULL, 10);
}

struct words {
	char **at; /* ends with NULL */
	size_t count, cap;
};

static void add_word(struct words *words, char *word)
{
	words->at = xgrow(words->at, &words->cap, words->count + 2, sizeof(*words->at));
	words->at[words->count++] = word;
	words->at[words->count] = NULL;
}

/* Adds the texts of an array, or one text; false: it is neither. */
static bool add_words(const struct conf *conf, conf_id id, struct words *words)
{
	bool list = is_type(conf, id, CONF_ARRAY);
	conf_id i = list ? conf_node(conf, id)->first : id;
	for (; i != CONF_NOWHERE; i = list ? conf_node(conf, i)->next : CONF_NOWHERE) {
		char *text = text_of(conf, i);
		if (!text) {
			return false;
		}
		add_word(words, text);
	}
	return true;
}

static void free_words(char **words)
{
	for (char **word = words; word && *word; word++) {
		free(*word);
	}
	free(words);
}

/* ---- servers ---- */

static bool is_remote(const struct conf *conf, conf_id entry, const struct agent *agent)
{
	for (size_t i = 0; i < COUNT_OF(agent->remote) && agent->remote[i]; i++) {
		if (member(conf, entry, agent->remote[i]) != CONF_NOWHERE) {
			return true;
		}
	}
	return false;
}

/* The words that start it; false: the entry is not understood. */
static bool read_command(
	const struct agent *agent, const struct conf *conf, conf_id entry, struct words *words)
{
	conf_id command = member(conf, entry, "command"), args = member(conf, entry, "args");
	bool argv = agent->shape == AGENT_ARGV;
	bool good = is_type(conf, command, argv ? CONF_ARRAY : CONF_STRING) &&
		add_words(conf, command, words) &&
		(argv || args == CONF_NOWHERE ||
			(is_type(conf, args, CONF_ARRAY) && add_words(conf, args, words)));
	return good && words->count && words->at[0][0];
}

/* What stands behind "--" of ours. */
static char **behind(char *const *words)
{
	struct words own = { 0 };
	while (*words && strcmp(*words, "--") != 0) {
		words++;
	}
	for (words += *words != NULL; *words; words++) {
		add_word(&own, xstrdup(*words));
	}
	return own.at;
}

static bool starts(const struct words *words, const char *command)
{
	return agent_is_ours((const char *const *)words->at, words->count, command) != 0;
}

static void look_at_server(struct agent_server *server, const struct agent *agent,
	const struct conf *conf, conf_id entry)
{
	struct words words = { 0 };
	long limit = agent->limit_key ? number_of(conf, member(conf, entry, agent->limit_key)) : -1;
	bool good = read_command(agent, conf, entry, &words);
	server->limit_s = limit < 0 ? -1 : limit * (long)agent->limit_unit_ms / 1000;
	server->program = words.count ? xstrdup(words.at[0]) : NULL;
	server->state = is_remote(conf, entry, agent) ? AGENT_SERVER_REMOTE
		: !good                               ? AGENT_SERVER_ODD
		: starts(&words, "run")               ? AGENT_SERVER_WRAPPED
		: starts(&words, "permission-server") ? AGENT_SERVER_OURS
		: starts(&words, "policy-server")     ? AGENT_SERVER_OURS
						      : AGENT_SERVER_PLAIN;
	if (server->state == AGENT_SERVER_PLAIN) {
		server->own = words.at;
		return;
	}
	server->own = server->state == AGENT_SERVER_WRAPPED ? behind(words.at) : NULL;
	free_words(words.at);
}

/* The object of servers that the keys lead to; *steps is their number. */
static conf_id servers_at(const struct conf *conf, const char *const *keys, const char *project,
	struct conf_step *steps, size_t *count)
{
	conf_id id = CONF_ROOT;
	for (*count = 0; keys[*count]; ++*count) {
		const char *key = strcmp(keys[*count], AGENT_PROJECT) == 0 ? project : keys[*count];
		steps[*count] = (struct conf_step){ key, 0 };
		id = member(conf, id, key);
	}
	return is_type(conf, id, CONF_OBJECT) ? id : CONF_NOWHERE;
}

static void look_at_servers(struct agent_look *look, const struct agent *agent,
	const struct conf *conf, const char *const *keys, const char *project)
{
	struct conf_step steps[AGENT_STEPS];
	size_t count = 0;
	conf_id box = servers_at(conf, keys, project, steps, &count);
	conf_id i = box == CONF_NOWHERE ? box : conf_node(conf, box)->first;
	for (; i != CONF_NOWHERE; i = conf_node(conf, i)->next) {
		look->servers = xgrow(look->servers, &look->server_cap, look->server_count + 1,
			sizeof(*look->servers));
		struct agent_server *server = &look->servers[look->server_count++];
		*server = (struct agent_server){ .name = span_dup(conf_key(conf, i)) };
		memcpy(server->at, steps, count * sizeof(*steps));
		server->at[count] = (struct conf_step){ server->name, 0 };
		server->steps = count + 1;
		look_at_server(server, agent, conf, i);
	}
}

/* Those of other projects, where a file holds them by project. */
static size_t count_elsewhere(const struct agent *agent, const struct conf *conf,
	const char *const *keys, const char *project)
{
	struct agent_look other = { 0 };
	size_t plain = 0;
	conf_id box = member(conf, CONF_ROOT, keys[0]);
	conf_id i = is_type(conf, box, CONF_OBJECT) ? conf_node(conf, box)->first : CONF_NOWHERE;
	for (; i != CONF_NOWHERE; i = conf_node(conf, i)->next) {
		char *key = span_dup(conf_key(conf, i));
		if (strcmp(key, project) != 0) {
			look_at_servers(&other, agent, conf, keys, key);
		}
		free(key);
	}
	for (size_t k = 0; k < other.server_count; k++) {
		plain += other.servers[k].state == AGENT_SERVER_PLAIN;
	}
	agent_look_finish(&other);
	return plain;
}

/* ---- hooks ---- */

/* Reads one entry of a hook; false: it is not ours. */
static bool look_at_hook(
	struct agent_hook *hook, const struct agent *agent, const struct conf *conf, conf_id entry)
{
	char *line = text_of(conf, member(conf, entry, "command")), *fails;
	const char *parts[12];
	struct words words = { 0 };
	struct buf store = { 0 };
	size_t n = 0;
	conf_id args = member(conf, entry, "args");
	if (line && args != CONF_NOWHERE) {
		add_word(&words, xstrdup(line));
		add_words(conf, args, &words);
		while (n < words.count && n < COUNT_OF(parts)) {
			parts[n] = words.at[n];
			n++;
		}
	} else if (line) {
		n = agent_words(line, &store, parts, COUNT_OF(parts));
	}
	size_t at = agent_is_ours(parts, n, "hook");
	bool ours = at && at + 1 < n && strcmp(parts[at + 1], agent->name) == 0;
	if (ours) {
		long timeout = number_of(conf, member(conf, entry, "timeout"));
		unsigned unit = hook_find(span_of(agent->name))->unit_ms;
		hook->there = true;
		hook->program = xstrdup(parts[0]);
		hook->in_line = args == CONF_NOWHERE;
		hook->timeout_s = timeout < 0 ? -1 : timeout * (long)unit / 1000;
		for (size_t i = at; i + 1 < n; i++) {
			if (strcmp(parts[i], "--limit") == 0) {
				hook->limit_s = strtol(parts[i + 1], NULL, 10);
			}
		}
		fails = text_of(conf, member(conf, entry, "onFailure"));
		hook->fail_closed = agent->fail_closed && fails && strcmp(fails, "block") == 0;
		free(fails);
	}
	free_words(words.at);
	buf_finish(&store);
	free(line);
	return ours;
}

static bool is_for_all(const struct conf *conf, conf_id group)
{
	char *matcher = text_of(conf, member(conf, group, "matcher"));
	bool all = !matcher || !*matcher || strcmp(matcher, "*") == 0 || strcmp(matcher, ".*") == 0;
	free(matcher);
	return all;
}

static void look_at_group(struct agent_hook *hook, const struct agent *agent,
	const struct conf *conf, conf_id group, size_t place)
{
	conf_id list = member(conf, group, "hooks"), i;
	size_t index = 0;
	i = is_type(conf, list, CONF_ARRAY) ? conf_node(conf, list)->first : CONF_NOWHERE;
	for (; i != CONF_NOWHERE && !hook->there; i = conf_node(conf, i)->next, index++) {
		if (look_at_hook(hook, agent, conf, i)) {
			hook->group = place;
			hook->index = index;
			hook->all = is_for_all(conf, group);
		}
	}
}

static void look_at_event(struct agent_hook *hook, const struct agent *agent,
	const struct conf *conf, const char *event)
{
	conf_id groups = member(conf, member(conf, CONF_ROOT, "hooks"), event), i;
	size_t place = 0;
	*hook = (struct agent_hook){ .event = event, .timeout_s = -1, .limit_s = -1 };
	i = is_type(conf, groups, CONF_ARRAY) ? conf_node(conf, groups)->first : CONF_NOWHERE;
	for (; i != CONF_NOWHERE && !hook->there; i = conf_node(conf, i)->next, place++) {
		look_at_group(hook, agent, conf, i, place);
	}
}

/* ---- a file ---- */

void agent_look(struct agent_look *look, const struct agent *agent, const struct agent_file *file,
	const struct conf *conf, const char *project)
{
	*look = (struct agent_look){ 0 };
	for (size_t i = 0; i < COUNT_OF(file->servers) && file->servers[i][0]; i++) {
		look_at_servers(look, agent, conf, file->servers[i], project);
		if (file->servers[i][1] && strcmp(file->servers[i][1], AGENT_PROJECT) == 0) {
			look->elsewhere += count_elsewhere(agent, conf, file->servers[i], project);
		}
	}
	for (size_t i = 0; file->holds & AGENT_HOOKS && agent->events[i]; i++) {
		look_at_event(&look->hooks[look->hook_count++], agent, conf, agent->events[i]);
	}
	conf_id off = member(conf, CONF_ROOT, "disableAllHooks");
	look->hooks_off = is_type(conf, off, CONF_BOOL) && span_is(conf_value(conf, off), "true");
}

void agent_look_finish(struct agent_look *look)
{
	for (size_t i = 0; i < look->server_count; i++) {
		free(look->servers[i].name);
		free(look->servers[i].program);
		free_words(look->servers[i].own);
	}
	for (size_t i = 0; i < look->hook_count; i++) {
		free(look->hooks[i].program);
	}
	free(look->servers);
	*look = (struct agent_look){ 0 };
}
