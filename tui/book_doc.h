/* One rule or grant in full: what it lets through or stops, where it stands, how often it has
 * decided. */
#ifndef BASCULE_TUI_BOOK_DOC_H
#define BASCULE_TUI_BOOK_DOC_H

#include "tui/book.h"
#include "tui/doc.h"

void book_doc(struct doc *doc, const struct book *book, const struct book_row *row, int64_t now);
/* In the list: "allow", "hold", "deny", "grant", … */
const char *book_word(const struct book_row *row);
enum role book_role(const struct book_row *row);
/* What it says, without that word; foreign. */
const char *book_text(const struct book_row *row);
/* "8 more, 12 min left", "this session" */
void book_bound(const struct book_row *row, int64_t now, char words[80]);

#endif
