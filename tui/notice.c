/* How many wait, never what. Called by main.c; when to ring is the broker's to say. */
#include "config.h"

#include "tui/notice.h"

#include "tui/term.h"

void notice_ring(const struct notice *notice, const struct model *model)
{
	size_t by_risk[RISK_COUNT];
	size_t waiting = model_waiting(model, by_risk);
	bool high = by_risk[RISK_HIGH] + by_risk[RISK_HIGHEST] > 0;
	struct safe_text words = safe_printf(
		"bascule: %zu waiting%s", waiting, high ? ", high risk" : "");
	term_ring(notice->bell, notice->notify, &words);
	safe_finish(&words);
}

void notice_title(struct notice *notice, const struct model *model)
{
	size_t by_risk[RISK_COUNT];
	size_t count = model_waiting(model, by_risk);
	if (count != notice->titled) {
		struct safe_text title = count ? safe_printf("bascule: %zu waiting", count)
					       : safe_printf("bascule");
		term_title(&title);
		safe_finish(&title);
		notice->titled = count;
	}
}
