/* The keys, from the one table. */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_COLS = 16 };

static void command_doc(struct doc *doc, const struct keymap *map, int id)
{
	char keys[24];
	snprintf(keys, sizeof(keys), "%s", map->keys[id]);
	doc_say(doc, ROLE_TEXT, KEYS_COLS, command_specs[id].help);
	doc_mark(doc, keys);
}

static const struct {
	enum context context;
	const char *title;
} places[] = {
	{ CTX_QUEUE, "In the queue (1)" },
	{ CTX_OPEN, "With one call open" },
	{ CTX_BATCH, "The marked calls, listed" },
	{ CTX_GRANT, "What a yes may leave behind (s)" },
	{ CTX_HISTORY, "In the history (2)" },
	{ CTX_EVENT, "With a past call open" },
	{ CTX_RULES, "Among the rules (3)" },
	{ CTX_RULE, "With a rule open" },
	{ CTX_SERVERS, "Among the servers (4)" },
	{ CTX_SERVER, "With a server open" },
	{ CTX_HELP, "In this help" },
};

static bool is_news(const struct keymap *map, int id, unsigned context, unsigned listed)
{
	unsigned contexts = command_specs[id].contexts;
	return (contexts & context) && !(contexts & listed) && map->keys[id][0];
}

/* The commands of one context that those before have not listed; no title without any. */
static void context_doc(struct doc *doc, const struct keymap *map, const char *title,
	unsigned context, unsigned listed)
{
	bool any = false;
	for (int id = 1; id < COMMAND_COUNT; id++) {
		if (is_news(map, id, context, listed)) {
			if (!any) {
				doc_say(doc, ROLE_LABEL, 0, title);
			}
			any = true;
			command_doc(doc, map, id);
		}
	}
	if (any) {
		doc_blank(doc);
	}
}

/* The place that one came from stands first. */
static void help_doc(struct doc *doc, const struct keymap *map, enum context from)
{
	unsigned listed = from;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (places[i].context == from) {
			context_doc(doc, map, places[i].title, from, 0);
		}
	}
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		context_doc(doc, map, places[i].title, places[i].context, listed);
		listed |= places[i].context;
	}
	doc_say(doc, ROLE_LABEL, 0, "Risk");
	doc_say(doc, ROLE_TEXT, 2, "!!! highest   !! high   ! medium   . low");
	doc_say(doc, ROLE_TEXT, 2,
		"+ behind it: the rules have changed, and would let the call pass now.");
	doc_blank(doc);
	doc_say(doc, ROLE_LABEL, 0, "What guards an approval");
	doc_say(doc, ROLE_TEXT, 2,
		"It acts on the call that was painted, as it was painted, and only after that "
		"stood still for half a "
		"second (high risk: a second and a half, and to the end of the preview), with no "
		"other key just "
		"before it.");
	doc_say(doc, ROLE_TEXT, 2, "A paste never approves. Leaving decides nothing.");
}

static void paint_help(struct app *app)
{
	struct rect r = app->layout.detail;
	if (!app->help.doc.count) {
		help_doc(&app->help.doc, &app->keys, app->help_from->context);
	}
	paint_rule(&app->paint, app->layout.rule, ROLE_RULE);
	paint_own(&app->paint, app->layout.rule.y, 1, app->layout.rule.rows ? r.cols - 2 : 0,
		ROLE_RULE, safe_printf(" keys · / searches "));
	page_paint(&app->help, &app->paint, r);
}

static void help_back(struct app *app)
{
	app_view(app, app->help_from);
}

static struct page *help_page_of(struct app *app)
{
	return &app->help;
}

const struct view_ops view_help = {
	.context = CTX_HELP,
	.open = true,
	.paint = paint_help,
	.page = help_page_of,
	.back = help_back,
};
