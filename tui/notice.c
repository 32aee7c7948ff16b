/*
 * What is told stands where others see it: on a screen that is shared, in a list of notifications.
 * It is never more than notify.detail allows, and arguments never are. Called by main.c; when to
 * ring is the broker's to say.
 */
#include "config.h"

#include "tui/notice.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/term.h"

enum { NAME_COLUMNS = 60 };

void notice_set(struct notice *notice, const int64_t number[OPTION_COUNT], bool ascii)
{
	*notice = (struct notice){
		.bell = number[OPTION_CONSOLE_BELL] != 0,
		.notify = number[OPTION_CONSOLE_NOTIFY] != 0,
		.title = number[OPTION_CONSOLE_TITLE] != 0,
		.detail = (enum option_detail)number[OPTION_NOTIFY_DETAIL],
		.ascii = ascii,
		.titled = (size_t)-1,
	};
}

/* The riskiest that waits; of several the one that came last. */
static const struct model_item *worst(const struct model *model)
{
	const struct model_item *item = NULL;
	for (size_t i = 0; i < model->count; i++) {
		if (model_waits(model->items[i]) &&
			(!item || model->items[i]->risk >= item->risk)) {
			item = model->items[i];
		}
	}
	return item;
}

/* ": write_file (files)", without what would end a terminal's own sequence for it. */
static struct safe_text name_of(const struct model_item *item, bool ascii)
{
	const char *tool = item->kind == MODEL_SERVER ? "a new server" : item->tool;
	char *both = xasprintf(
		"%s (%s)", tool && tool[0] ? tool : "a call", item->server ? item->server : "");
	for (char *at = both; *at; at++) {
		*at = *at == ';' ? ',' : *at;
	}
	struct safe_text whole = (ascii ? safe_ascii : safe_make)(span_of(both), SAFE_ONE_LINE);
	struct safe_text cut = safe_clip(&whole, NAME_COLUMNS);
	struct safe_text text = safe_printf(": %s", safe_cstr(&cut));
	safe_finish(&whole);
	safe_finish(&cut);
	free(both);
	return text;
}

void notice_ring(const struct notice *notice, const struct model *model)
{
	size_t by_risk[RISK_COUNT];
	size_t waiting = model_waiting(model, by_risk);
	bool high = by_risk[RISK_HIGH] + by_risk[RISK_HIGHEST] > 0;
	const struct model_item *item = worst(model);
	bool named = item && notice->detail == DETAIL_TOOL;
	struct safe_text name = named ? name_of(item, notice->ascii) : (struct safe_text){ 0 };
	struct safe_text words = notice->detail == DETAIL_NONE
		? safe_printf("bascule: something waits")
		: safe_printf("bascule: %zu waiting%s%s", waiting, high ? ", high risk" : "",
			  safe_cstr(&name));
	term_ring(notice->bell, notice->notify, &words);
	safe_finish(&name);
	safe_finish(&words);
}

/* Without a number it still says which window this is. */
void notice_title(struct notice *notice, const struct model *model)
{
	size_t by_risk[RISK_COUNT];
	size_t count = model_waiting(model, by_risk);
	count = !notice->title ? 0 : notice->detail == DETAIL_NONE ? count > 0 : count;
	if (count != notice->titled) {
		struct safe_text title = !count ? safe_printf("bascule")
			: notice->detail == DETAIL_NONE
			? safe_printf("bascule: waiting")
			: safe_printf("bascule: %zu waiting", count);
		term_title(&title);
		safe_finish(&title);
		notice->titled = count;
	}
}

void notice_goodbye(const struct model *model)
{
	size_t by_risk[RISK_COUNT], waiting = model_waiting(model, by_risk);
	if (waiting) {
		printf("%zu %s still waiting; nothing was decided by leaving. `bascule` shows them "
		       "again.\n",
			waiting, waiting == 1 ? "call is" : "calls are");
	}
}
