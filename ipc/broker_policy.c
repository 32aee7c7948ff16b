/*
 * The broker's side of policy: rule files and profiles in force, what a submission is judged by,
 * what a person's yes is remembered as (a task's text, a tool's definition), and the queue judged
 * anew when the rules change.
 *
 * Judging anew only tightens by itself: what a new rule would release is said, and a person
 * releases it.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"
#include "ipc/broker_event.h"

#include "core/diag.h"
#include "core/rpc.h"
#include "core/policy/findings.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char kind_task[] = "task", kind_tool[] = "tool", kind_parts[] = "tool-parts";

/* ---- memory ---- */

static void recall(void *data, struct span key, struct span value)
{
	struct map *map = data;
	free(map_take(map, key));
	map_put(map, key, span_dup(value));
}

static void free_value(void *data, struct span key, void *value)
{
	(void)data;
	(void)key;
	free(value);
}

static void remember(struct broker *b, const char *kind, struct map *map, struct span key,
	struct span value, const char *by)
{
	struct err err;
	recall(map, key, value);
	if (record_begin(b) &&
		!history_remember(
			b->history, kind, key, value, span_of(by), clock_wall_ms() * 1000, &err)) {
		record_failed(b, &err);
	}
}

const char *policy_name(struct broker *b, const char *rule)
{
	char *kept = map_get(&b->policy.names, span_of(rule));
	if (!kept) {
		kept = xstrdup(rule);
		map_put(&b->policy.names, span_of(rule), kept);
	}
	return kept;
}

/* A task is its text at its place: another text is another task. */
static struct hash task_key(const struct effect *e)
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, span_of(e->fact.path));
	hash_part(&run, span_of(e->how));
	hash_part(&run, span_of(e->word));
	hash_part(&run, span_of(e->fact.text));
	return hash_end(&run);
}

static struct span hash_span(const struct hash *hash)
{
	return (struct span){ (const char *)hash->byte, HASH_BYTES };
}

static struct hash tool_key(const struct claims *claims, const char *tool)
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, hash_span(&claims->tuple));
	hash_part(&run, span_of(tool));
	return hash_end(&run);
}

const char *policy_pin(const struct broker *b, const struct claims *claims, const char *tool)
{
	struct hash key = tool_key(claims, tool);
	return map_get(&b->policy.tools, hash_span(&key));
}

const char *policy_parts(const struct broker *b, const struct claims *claims, const char *tool)
{
	struct hash key = tool_key(claims, tool);
	return map_get(&b->policy.parts, hash_span(&key));
}

void policy_keep_parts(
	struct broker *b, const struct claims *claims, const char *tool, const char *parts)
{
	struct hash key = tool_key(claims, tool);
	remember(b, kind_parts, &b->policy.parts, hash_span(&key), span_of(parts), NULL);
}

void policy_accepted(const struct item *item)
{
	struct broker *b = item->broker;
	for (size_t i = 0; i < item->effects.count; i++) {
		const struct effect *e = &item->effects.list[i];
		if (e->kind == EFFECT_TASK && e->fact.text && e->fact.path && !e->late) {
			struct hash key = task_key(e);
			remember(b, kind_task, &b->policy.tasks, hash_span(&key), SPAN(""),
				item->decider);
		}
	}
	if (item->listed) {
		struct hash key = tool_key(&item->claims, item->tool);
		const char *kept = map_get(&b->policy.tools, hash_span(&key));
		if (!kept || memcmp(kept, item->pin.byte, HASH_BYTES) != 0) {
			event_pin(b, &item->claims, item->tool, "accepted", &item->pin,
				item->decider);
		}
		remember(b, kind_tool, &b->policy.tools, hash_span(&key), hash_span(&item->pin),
			item->decider);
		if (item->conn) {
			servers_pinned(item->conn);
		}
	}
}

bool policy_carries_secret(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].kind == EFFECT_SECRET) {
			return true;
		}
	}
	return false;
}

/* What was given is left out whole where a secret was found; the rest of it, such as the path that
 * it led to, may hold it too. */
char *policy_effects_json(struct broker *b, const struct effects *effects, bool clean)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	struct effects kept = { 0 };
	bool secret = policy_carries_secret(effects);
	if (secret) {
		effects_copy(&kept, effects);
	}
	for (size_t i = 0; i < kept.count; i++) {
		if (!is_finding(&kept.list[i])) {
			free(kept.list[i].given);
			kept.list[i].given = xstrdup("(not kept: a secret was found)");
		}
	}
	effects_write(secret ? &kept : effects, &w);
	effects_finish(&kept);
	char *json = buf_cstr(&out);
	if (!clean) {
		body_mark(b, &json);
	}
	return json;
}

/* ---- judging ---- */

static void mark_tasks(const struct broker *b, struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		struct effect *e = &effects->list[i];
		e->fact.marks &= ~(unsigned)MARK_ACCEPTED; /* a gate has no say in it */
		if (e->kind == EFFECT_TASK && e->fact.text && e->fact.path) {
			struct hash key = task_key(e);
			if (map_get(&b->policy.tasks, hash_span(&key))) {
				e->fact.marks |= MARK_ACCEPTED;
			}
		}
	}
}

/* The definition that was there when this tool was first called counts as accepted with its server.
 */
static const char *pin_trouble(
	struct broker *b, const struct claims *claims, const char *tool, const struct hash *pin)
{
	struct hash key = tool_key(claims, tool);
	const char *kept = map_get(&b->policy.tools, hash_span(&key));
	if (!kept) {
		remember(b, kind_tool, &b->policy.tools, hash_span(&key), hash_span(pin), NULL);
		event_pin(b, claims, tool, "first", pin, NULL);
		return NULL;
	}
	return memcmp(kept, pin->byte, HASH_BYTES) == 0
		? NULL
		: "its definition changed since it was accepted";
}

/* A database is the user's to call a developer's, by the server's name. */
static void mark_databases(
	const struct rules *rules, const struct claims *claims, struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		struct effect *e = &effects->list[i];
		if (e->kind == EFFECT_SQL && !e->word[0] &&
			rules_database_is_dev(rules, span_of(claims->name))) {
			free(e->word);
			e->word = xstrdup("dev");
		}
	}
}

static const struct rules *rules_of(const struct broker *b, const struct conn *c)
{
	return c && c->rules ? c->rules : b->policy.files.joined;
}

void policy_complete(struct conn *c, const char *tool, struct span arguments,
	const struct hash *pin, const char *doubt, struct effects *effects)
{
	struct broker *b = c->broker;
	bool first = pin && !policy_pin(b, &c->claims, tool);
	const struct findings_in in = { .secrets = b->policy.secrets,
		.arguments = arguments,
		.schema = doubt,
		.tool_pin = pin ? pin_trouble(b, &c->claims, tool, pin) : NULL };
	findings_add(effects, &in);
	if (first) {
		servers_pinned(c);
	}
	mark_tasks(b, effects);
	mark_databases(rules_of(b, c), &c->claims, effects);
}

void policy_complete_again(const struct item *item, struct effects *effects)
{
	findings_copy(effects, &item->effects);
	mark_tasks(item->broker, effects);
	mark_databases(rules_of(item->broker, item->conn), &item->claims, effects);
}

void policy_fill(struct broker *b, const struct conn *c, const struct claims *claims,
	struct policy_call *call)
{
	call->profile = span_of(claims->profile);
	call->server = span_of(claims->name);
	call->rules = rules_of(b, c);
	call->self = (const char *const *)b->policy.files.self;
	call->home = b->paths->home;
	call->scope = (const char *const *)claims->scope;
}

void policy_verdict(struct broker *b, const struct policy_call *call, struct judgement *out)
{
	policy_judge(call, out);
	out->rule = policy_name(b, out->rule);
}

/* ---- rules that change ---- */

static void set_project(struct conn *c)
{
	struct broker *b = c->broker;
	rules_destroy(c->rules);
	c->rules = c->project ? policy_files_project(&b->policy.files, c->project, c->project_scope)
			      : NULL;
}

/* A project's file that cannot be read might have held something back: everything of it is held. */
void policy_project(struct conn *c, struct span params)
{
	struct span path = { 0 }, text = { 0 }, trouble = { 0 };
	const struct json_want wants[] = { JSON_WANT("path", &path), JSON_WANT("text", &text),
		JSON_WANT("trouble", &trouble) };
	struct err err = { 0 };
	if (!params.at || json_type(params) != JSON_OBJECT) {
		return;
	}
	json_pick(params, wants, COUNT_OF(wants));
	char *file = path.at ? json_strdup(path) : NULL;
	char *content = text.at ? json_strdup(text) : NULL;
	char *why = trouble.at ? json_strdup(trouble) : NULL;
	policy_forget_project(c);
	c->project_since_ms = clock_wall_ms();
	if (file && content) {
		c->project = rules_parse(file, LEVEL_PROJECT, span_of(content), NULL, &err);
		const char *end = strstr(file, "/.bascule/");
		c->project_scope = span_dup((struct span){ file, end ? (size_t)(end - file) : 0 });
	}
	if ((file && content && !c->project) || why) {
		c->project_trouble = xstrdup(why ? why : err.text);
		log_line("%s", c->project_trouble);
		c->project = NULL;
		c->rules = rules_hold_all(c->project_trouble);
	} else {
		set_project(c);
	}
	free(file);
	free(content);
	free(why);
}

void policy_forget_project(struct conn *c)
{
	rules_destroy(c->rules);
	rules_destroy(c->project);
	free(c->project_scope);
	free(c->project_trouble);
	c->project_trouble = NULL;
	c->rules = c->project = NULL;
	c->project_scope = NULL;
}

/* Everything that waits, by the rules of now. */
void policy_judge_queue(struct broker *b)
{
	struct item *next;
	for (struct item *item = b->first; item; item = next) {
		struct judgement now;
		next = item->next;
		if (item->kind != ITEM_CALL || item->state != LIFE_HELD) {
			continue;
		}
		judge_item(item, &item->effects, &now);
		if (now.verdict == VERDICT_DENY && item->edit &&
			item->judgement.verdict == VERDICT_DENY) {
			continue; /* a person is at it, and cannot approve it */
		}
		if (now.verdict == VERDICT_DENY) {
			item->judgement = now;
			free(item->decision_reason);
			item->decision_reason = xstrdup(now.reason);
			item_step(item, LIFE_EV_DENY);
		} else if (now.verdict == VERDICT_ALLOW && !item->releasable) {
			item->releasable = true;
			item_say(item, "the rules would allow it now (%s)", now.rule);
			item_changed(item);
		} else if (now.verdict == VERDICT_HOLD &&
			(item->releasable || strcmp(now.rule, item->judgement.rule) != 0)) {
			if (item->releasable) { /* that they would allow it is no longer so */
				free(item->said);
				item->said = NULL;
			}
			item->releasable = false;
			item->judgement = now;
			item_changed(item);
		}
	}
}

static void write_members(const struct broker *b, struct jsonw *w)
{
	jw_kv_int(w, "generation", b->policy.files.generation);
	jw_kv_raw(w, "profiles", buf_view(&b->policy.files.user_profiles));
}

void policy_write(const struct broker *b, struct jsonw *w)
{
	jw_key(w, "policy");
	jw_open(w, '{');
	write_members(b, w);
	jw_close(w, '}');
}

/* Whose rules are in force beside the built-in ones, in a word or two. */
void policy_write_files(const struct broker *b, struct jsonw *w)
{
	const struct policy_files *files = &b->policy.files;
	const char *names[] = { "built-in", "policy.rules", "the machine's",
		"policy.rules and the machine's" };
	jw_key(w, "policy");
	jw_open(w, '{');
	jw_kv_text(w, "files", names[(files->user != NULL) + 2 * (files->system != NULL)]);
	jw_kv_bool(w, "held", files->held);
	jw_kv_bool(w, "broken", files->trouble != NULL);
	jw_close(w, '}');
}

static void tell_gates(struct broker *b)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		struct buf line = { 0 };
		if (c->role == ROLE_GATE && c->stream) {
			struct jsonw w = rpc_open(&line, (struct span){ 0 }, "policy");
			write_members(b, &w);
			rpc_close(&w);
			conn_send(c, &line);
		}
	}
}

void policy_refresh(struct broker *b)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		rules_destroy(c->project ? c->rules : NULL);
		c->rules = c->project ? NULL : c->rules;
	}
	bool changed = policy_files_refresh(&b->policy.files);
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->project) {
			set_project(c);
		}
	}
	if (!changed) {
		return;
	}
	log_line("policy: %s", b->policy.files.trouble ? b->policy.files.trouble : "read again");
	event_rules(b);
	book_see(b);
	tell_gates(b);
	policy_judge_queue(b);
	feed_trouble(b);
}

static void on_change(uv_fs_event_t *watch, const char *name, int events, int status)
{
	(void)name;
	(void)events;
	(void)status;
	policy_refresh(watch->data);
}

bool policy_start(struct broker *b, struct err *err)
{
	unsigned char key[32];
	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key)) {
		return fail(err, DIAG_NONE, "no random numbers");
	}
	b->policy.secrets = secrets_create(key, err);
	if (!b->policy.secrets) {
		return false;
	}
	policy_files_init(&b->policy.files, b->paths);
	if (b->policy.files.trouble) {
		log_line("policy: %s", b->policy.files.trouble);
	}
	const char *const dirs[] = { b->paths->config, b->policy.files.profiles_path };
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		uv_fs_event_init(b->loop, &b->policy.watch[i]);
		b->policy.watch[i].data = b;
		uv_fs_event_start(&b->policy.watch[i], on_change, dirs[i], 0);
		uv_unref((uv_handle_t *)&b->policy.watch[i]);
	}
	return book_recall(b, err) &&
		history_remembered(b->history, kind_task, recall, &b->policy.tasks, err) &&
		history_remembered(b->history, kind_tool, recall, &b->policy.tools, err) &&
		history_remembered(b->history, kind_parts, recall, &b->policy.parts, err);
}

void policy_stop(struct broker *b)
{
	for (size_t i = 0; i < COUNT_OF(b->policy.watch); i++) {
		if (b->policy.watch[i].loop && !uv_is_closing((uv_handle_t *)&b->policy.watch[i])) {
			uv_close((uv_handle_t *)&b->policy.watch[i], NULL);
		}
	}
}

void policy_end(struct broker *b)
{
	struct map *const maps[] = { &b->policy.tasks, &b->policy.tools, &b->policy.parts,
		&b->policy.born, &b->policy.names };
	for (size_t i = 0; i < COUNT_OF(maps); i++) {
		map_each(maps[i], free_value, NULL);
		map_finish(maps[i]);
	}
	policy_files_finish(&b->policy.files);
	secrets_destroy(b->policy.secrets);
}
