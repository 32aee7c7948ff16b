/* A diff of both as they are laid out for an editor. Called by preview_doc.c and past_doc.c. */
#include "config.h"

#include "tui/edit_doc.h"

#include "core/rewrite.h"

void edit_doc(
	struct doc *doc, struct span proposed, struct span effective, const struct diff_form *form)
{
	struct buf before = { 0 }, after = { 0 };
	struct diff diff = { 0 };
	if (json_type(proposed) != JSON_OBJECT || json_type(effective) != JSON_OBJECT) {
		return;
	}
	rewrite_layout(proposed, &before);
	rewrite_layout(effective, &after);
	diff_make(&diff, buf_view(&before), buf_view(&after), form->context);
	doc_say(doc, ROLE_LABEL, 0,
		"edited arguments: - as the agent sent them, + as they are now");
	diff_doc(doc, &diff, form);
	doc_blank(doc);
	doc->partial = doc->partial || diff.cut;
	diff_finish(&diff);
	buf_finish(&before);
	buf_finish(&after);
}
