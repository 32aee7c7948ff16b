/* What a deciding key does: nothing, and it is said why, or exactly what the last frame showed. */
#ifndef BASCULE_TUI_DECIDE_H
#define BASCULE_TUI_DECIDE_H

#include "tui/app.h"

/* `at`: pressed at the earliest. */
void decide_approve(struct app *app, int64_t at);
void decide_deny(struct app *app, int64_t at);
void decide_deny_why(struct app *app, int64_t at); /* opens the prompt */
void decide_step(struct app *app, size_t step, int64_t at); /* approves, and leaves that grant */
void decide_save(struct app *app, int64_t at); /* the rule that is offered */
void decide_revoke(struct app *app, int64_t at); /* the selected grant */

void decide_batch(struct app *app, bool approve, int64_t at); /* all that are listed */
void decide_batch_why(struct app *app, int64_t at); /* opens the prompt */

/* the switch over the policy; `deny`: to denying, else between holding and the rules */
void decide_master(struct app *app, bool deny, int64_t at);

/* Why this console cannot decide anything now; NULL: it can. */
const char *decide_cannot(const struct app *app);
void decide_eaten(struct app *app, const char *why); /* a key that did nothing; a literal of ours */

#endif
