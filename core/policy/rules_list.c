/* The rules of a file as they are listed for people. Called by the broker for its consoles. */
#include "config.h"

#include "core/policy/rule.h"

#include "core/jsonw.h"

enum { EXAMPLES_LISTED = 20 };

void rules_each(const struct rules *rules, rules_each_fn *each, void *data)
{
	for (size_t i = 0; i < rules->count; i++) {
		each(data, rules->list[i].id, rules->list[i].text);
	}
}

static void write_examples(const struct rule *rule, struct jsonw *w)
{
	jw_key(w, "examples");
	jw_open(w, '[');
	for (size_t i = 0; i < rule->example_count && i < EXAMPLES_LISTED; i++) {
		jw_open(w, '{');
		jw_kv_bool(w, "ok", rule->examples[i].ok);
		jw_kv_text(w, "text", rule->examples[i].text);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

void rules_write(const struct rules *rules, struct jsonw *w, rules_more_fn *more, void *data)
{
	static const char *const levels[] = { [LEVEL_BUILTIN] = "built-in",
		[LEVEL_SYSTEM] = "system",
		[LEVEL_USER] = "user",
		[LEVEL_PROJECT] = "project" };
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];
		jw_open(w, '{');
		jw_kv_text(w, "rule", rule->id);
		jw_kv_text(w, "level", levels[rules->level]);
		jw_kv_int(w, "line", rule->line);
		jw_kv_text(w, "verdict", verdict_name(rule->verdict));
		jw_kv_text(w, "text", rule->text);
		jw_kv_text(w, "comment", rule->comment);
		write_examples(rule, w);
		more(data, rule->id, w);
		jw_close(w, '}');
	}
}
