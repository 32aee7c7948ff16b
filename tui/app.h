/*
 * The console without terminal and socket: model, guard, views, status line. Events come in with
 * the time as an argument and set dirty bits; the painter runs later.
 */
#ifndef BASCULE_TUI_APP_H
#define BASCULE_TUI_APP_H

#include "core/query.h"
#include "tui/batch.h"
#include "tui/book.h"
#include "tui/card.h"
#include "tui/command.h"
#include "tui/diff_doc.h"
#include "tui/doc.h"
#include "tui/feed.h"
#include "tui/find.h"
#include "tui/guard.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/model.h"
#include "tui/offers.h"
#include "tui/page.h"
#include "tui/palette.h"
#include "tui/past.h"
#include "tui/paint.h"
#include "tui/prompt.h"
#include "tui/roster.h"
#include "tui/settings.h"
#include "tui/recall.h"
#include "tui/typed_word.h"

/* what the broker said; what the person did */
enum app_dirty { APP_DIRTY_NEWS = 1, APP_DIRTY_HAND = 2 };

enum app_wish {
	APP_GOES_ON,
	APP_QUIT,
	APP_SUSPEND,
	APP_REDRAW,
	APP_COPY,
	APP_RING,
	APP_RELOAD, /* the person's files anew; then app_reload */
	APP_SET,
	APP_EDIT, /* app->file is to be opened; then app_edited */
	APP_JUMP /* to the pane that the selected call's agent sits in */
}; /* what only main.c can do */

/* A frame that was written out: what a deciding key would decide. */
struct app_shown {
	char *call; /* NULL: none */
	int64_t revision;
	uint64_t stamp; /* of everything in it that is decided on */
};

struct app;

/* What of a view has to be on screen before a key decides. */
struct app_sight {
	uint64_t stamp;
	const struct page *page; /* its facts, and for high risk its end */
	bool partial; /* not everything could be shown */
};

struct view_ops {
	enum context context;
	const char *name; /* in the header; NULL: none */
	bool open; /* the detail at full height */
	size_t (*rows)(const struct app *app); /* of its list; NULL: the queue's */
	void (*click)(
		struct app *app, int row); /* of its list, from the top of the screen's part */
	void (*paint)(struct app *app);
	struct page *(*page)(struct app *app); /* its text, that is searched in; NULL: none */
	/* false: not mine; NULL: its page is scrolled, and no more */
	bool (*command)(struct app *app, enum command command);
	void (*back)(struct app *app); /* NULL: to the queue */
	void (*refresh)(struct app *app); /* NULL: the selected call's preview anew */
	/* there is nothing for it to do now, and no hint is wanted; may be NULL */
	bool (*idle)(const struct app *app, enum command command);
	/* what it paints may be decided on; NULL: not */
	struct app_sight (*sight)(const struct app *app);
};

/* Prompts whose earlier lines come back. */
enum app_recall {
	RECALL_NONE,
	RECALL_FILTER,
	RECALL_RULES,
	RECALL_SERVERS,
	RECALL_SEARCH,
	RECALL_REASON,
	RECALL_PALETTE,
	RECALL_FIND,
	RECALL_COUNT
};

/* What a line that a person types is for. */
struct prompt_use {
	enum app_recall recall;
	bool (*kept)(struct span text); /* among the earlier lines; NULL: all are */
	void (*dropped)(struct app *app); /* cancelled; may be NULL */
	bool (*key)(struct app *app, uint32_t key); /* true: it was taken; may be NULL */
	const char *hint; /* in the last row */
	bool keys_only; /* what is pasted is not taken */
	const char *cancelled; /* is said then; NULL: nothing */
	void (*changed)(struct app *app, struct span text); /* after each key; may be NULL */
	void (*done)(struct app *app, struct span text); /* Enter; the prompt is still there */
};

struct app_prompt {
	const struct prompt_use *use; /* NULL: nothing is typed */
	struct prompt line;
	int64_t at; /* its last key was pressed at the earliest */
	bool stays; /* `done` has found something wrong: the line is still there */
	char label[96]; /* our own words */
	/* of a decision: what was on the screen when it was asked for */
	char *call;
	int64_t revision;
	uint64_t stamp;
	char word[TYPED_WORD_MAX + 1]; /* that is to be typed */
	/* what was sent and may come back: a call that changed is denied again without typing anew
	 */
	struct buf draft;
};

/* Which rows of a list are listed. */
struct app_filter {
	char *text; /* NULL: there is none */
	struct query query;
	bool off; /* suspended */
};

struct app_rows {
	struct model_item **list; /* borrowed; those that are listed, in order */
	size_t count, cap;
};

/* Of a view with a list and a detail. */
struct app_panes {
	bool detail; /* the moving keys scroll the detail, not the list */
	bool zoomed; /* that pane has all the room */
};

/* What a page was made of. */
struct app_made {
	uint64_t stamp;
	int64_t minute;
};

/* The rule that a call led to, until it is found. */
struct app_want {
	char *rule; /* NULL: none */
	int64_t number, at; /* of the call; 0: now */
};

/* What an editor is to be opened for. */
struct app_file {
	char name[40];
	struct buf text;
	bool read_only;
};

/* Arguments that a person is changing. */
struct app_edit {
	char *call; /* NULL: none */
	int64_t revision;
	struct buf from; /* the arguments as they are, laid out */
	struct buf draft; /* what was written and not taken; opened again */
};

/* What this console did last and can undo. */
enum app_deed_kind { DEED_NONE, DEED_DECISION, DEED_MARKS, DEED_MUTE, DEED_GRANT, DEED_RULE };

struct app_deed {
	enum app_deed_kind kind;
	char **marked; /* the calls that were marked before */
	size_t count;
	int minutes; /* that were left of the mute; 0: it rang */
	int64_t grant;
	char *rule;
};

struct app {
	struct app_settings settings;
	struct keymap keys;
	struct model model;
	struct guard guard;
	struct paint paint;
	struct layout layout;
	struct app_panes panes;
	struct feed *feed; /* borrowed */
	const struct view_ops *view;
	struct app_prompt prompt;
	struct app_file file;
	struct app_edit edit;
	struct app_deed deed;
	struct safe_text reload_wrong; /* of the console's own files, until the rules were read */
	struct page card; /* of the selected call */
	uint64_t card_stamp;
	struct card_ages card_ages;
	struct diff_form form, card_form; /* as wished; as the card was made */
	bool card_partial; /* not everything could be shown */
	size_t list_top;
	struct page help;
	const struct view_ops *help_from; /* where "back" leads from the help */
	struct offers offers; /* what a yes to one call may leave behind */
	const struct view_ops *offers_from;
	struct page offers_page;
	uint64_t offers_page_stamp;
	struct recall recall[RECALL_COUNT];
	struct find find; /* in the view's text */
	size_t find_from; /* where that stood when the search began */
	struct palette palette; /* while its prompt is open */
	enum option_id set_option; /* APP_SET */
	char *set_value;
	struct app_filter filter;
	struct app_rows rows; /* as of the last news, key or frame */
	struct batch batch; /* the marked calls, while they are listed */
	struct page batch_page;
	uint64_t batch_page_stamp;
	struct book book; /* the rules and grants in force, as far as they are here */
	struct app_filter book_filter;
	struct page book_page;
	struct app_made book_made;
	struct app_want book_want;
	struct roster roster; /* the servers, as far as they are here */
	struct app_filter roster_filter;
	struct page roster_page;
	uint64_t roster_made; /* of what its page was made */
	const struct view_ops *book_from; /* where "back" leads from the rules */
	bool paused; /* what passed is not shown as it comes */
	struct past past; /* the history, as far as it is here */
	struct page past_page;
	uint64_t past_page_stamp;
	int64_t past_page_number, past_asked_at;
	int64_t preview_at; /* when the broker was last asked for one */
	char *looked_at; /* the call that scroll position and list height belong to */
	int list_rows; /* the list does not shrink while one call is looked at */
	struct app_shown shown;
	struct safe_text status;
	int64_t status_until; /* monotonic ms */
	unsigned eaten; /* keys that the guard has not let act, in a row */
	bool connected, ever_connected, read_only, final; /* final: no use to try again */
	char *down_why;
	int64_t now, wall; /* monotonic and Unix ms of the event at hand */
	struct app_left {
		int64_t allowed, denied, withdrawn;
	} left; /* the counters at the last key, or as they first came */
	bool left_known;
	int64_t active_at, key_at; /* said to the broker; pressed */
	int64_t awaited_until; /* answers are what a person waits for, not news */
	bool focused; /* the terminal has said so */
	int cursor_y, cursor_x;
	unsigned dirty;
	enum app_wish wish;
	struct safe_text copied; /* for the clipboard */
};

void app_init(struct app *app, const struct app_settings *settings, bool read_only, int64_t now,
	int64_t wall);
void app_finish(struct app *app);
/* They have changed; what the guard has seen so far goes on counting. */
void app_set(struct app *app, const struct app_settings *settings);

void app_time(struct app *app, int64_t now, int64_t wall);
void app_note(struct app *app, const struct feed_note *note); /* from feed.c */
/* `at`: pressed at the earliest */
void app_input(struct app *app, const struct keydec_event *event, int64_t at);
void app_resized(struct app *app);
/* The screen stood still; so many keys were typed meanwhile, and dropped. */
void app_gap(struct app *app, unsigned dropped);

void app_paint(struct app *app); /* draws into the frame; main.c begins and ends it */
void app_painted(struct app *app); /* the frame is out */
bool app_ages(const struct app *app); /* something on screen changes with time alone */

void app_say(struct app *app, struct safe_text status); /* takes it */
void app_warn(struct app *app, const char *foreign); /* the same for words that are not all ours */

/* For app.c and decide.c. */
void app_act(struct app *app, enum command command, int64_t at);
void app_ask_preview(struct app *app); /* of the selected call, if it is not here */
uint64_t app_stamp(const struct app *app); /* what the view at hand shows now; 0: no call */
/* app_header.c */
void app_paint_header(struct app *app);
void app_paint_badge(struct app *app);
/* app_panes.c */
bool app_has_panes(const struct app *app); /* the view at hand has two */
void app_pane(struct app *app, enum command command); /* one of the commands about panes */
/* What a moving command means in the pane that has the focus. */
enum command app_pane_command(const struct app *app, enum command command);
enum layout_zoom app_zoom(const struct app *app);
const char *app_pane_mark(const struct app *app); /* in front of the detail's title */
/* app_prompt.c; `label` is our own, `text` what stands there to begin with */
void app_ask(struct app *app, const struct prompt_use *use, const char *label, struct span text);
void app_end_prompt(struct app *app);
void app_leave_word(struct app *app); /* what has to be typed at a stretch is cancelled */
void app_prompt_key(struct app *app, uint32_t key, int64_t at);
void app_prompt_paste(struct app *app, struct span text);
void app_paint_prompt(struct app *app, struct rect rect);
void app_open_offers(struct app *app); /* of the selected call; or says why not */
void app_close_offers(struct app *app); /* and goes back to where it was opened */
void app_check_offers(struct app *app); /* closes it if the call is not what it was */
bool app_note_offers(struct app *app, const struct feed_note *note); /* false: another's */

/* app_edit.c */
void app_edit(struct app *app); /* of the selected call; or says why not */
void app_read_copy(struct app *app);
/* The editor has ended. `failed`: why there is nothing to be read; NULL: `text` is what it left. */
void app_edited(struct app *app, const char *failed, struct span text);
bool app_note_edit(struct app *app, const struct feed_note *note); /* false: another's */
void app_edit_finish(struct app *app);

/* The console's own files were read again, and what is wrong with them was said: now the rules. */
void app_reload(struct app *app);
/* app_undo.c */
void app_did(struct app *app, enum app_deed_kind kind); /* forgets the one before */
void app_will_mark(struct app *app); /* the marks change now */
void app_will_mute(struct app *app);
void app_undo(struct app *app); /* takes the last one back, and says so */

/* app_batch.c */
bool app_mark(struct app *app, enum command command); /* false: no marking command */
bool app_open_batch(struct app *app); /* false: nothing is marked, or this is not the queue */
void app_close_batch(struct app *app);
void app_check_batch(struct app *app);

/* app_filter.c */
void app_rows(struct app *app); /* makes app->rows */
size_t app_row_at(const struct app *app); /* of the selected one; 0 if there is none */
void app_check_filter(struct app *app); /* the queue or the filter changed */
void app_ask_filter(struct app *app); /* opens the prompt */
void app_filter_by(struct app *app, struct span text);
void app_end_filter(struct app *app);
void app_toggle_filter(struct app *app);
void app_drop_filter(struct app *app, struct app_filter *filter);
void app_filter_finish(struct app_filter *filter);
struct app_filter *app_filter_here(struct app *app); /* of the view at hand; NULL: it has none */
void app_jump(struct app *app, enum command command);

/* app_find.c */
void app_ask_find(struct app *app); /* opens the prompt */
void app_find_again(struct app *app, bool back);
void app_end_find(struct app *app);
void app_paint_find(struct app *app); /* over what the view has painted */
bool app_paint_found(struct app *app, struct rect rect); /* false: nothing is searched for */

/* app_palette.c */
void app_ask_command(struct app *app); /* opens the prompt */
int app_palette_rows(const struct app *app); /* 0: it is not open */
void app_paint_palette(struct app *app);

/* app_history.c */
void app_ask_history(struct app *app); /* the newest page */
void app_check_history(struct app *app);
void app_history_grew(struct app *app);
void app_follow(struct app *app); /* the newest, or pauses */
void app_search_history(struct app *app, const char *text); /* NULL or "": everything */
void app_ask_search(struct app *app); /* opens the prompt */
bool app_note_history(struct app *app, const struct feed_note *note); /* false: another's */

/* app_book.c */
void app_open_book(struct app *app);
void app_ask_book(struct app *app); /* the list anew */
void app_book_stale(struct app *app); /* something happened that it may show */
void app_check_book(struct app *app);
bool app_book_ages(const struct app *app); /* what it shows changes with time alone */
void app_filter_book(struct app *app); /* the list or the filter changed */
void app_to_rule(struct app *app); /* of the call that is looked at */
void app_to_session(struct app *app); /* of the recorded call that is looked at */
void app_to_file(struct app *app); /* the recorded calls that act on what this one does */
void app_to_calls(struct app *app); /* of the selected rule */
int64_t app_book_grant(const struct app *app); /* the grant that is looked at; 0: none */
void app_book_back(struct app *app);
void app_book_finish(struct app *app);
bool app_note_book(struct app *app, const struct feed_note *note); /* false: another's */

/* app_roster.c */
void app_open_roster(struct app *app);
void app_ask_roster(struct app *app); /* the list anew */
void app_roster_stale(struct app *app); /* something happened that it may show */
void app_check_roster(struct app *app);
bool app_roster_ages(const struct app *app);
void app_filter_roster(struct app *app); /* the list or the filter changed */
void app_roster_back(struct app *app);
void app_roster_finish(struct app *app);
bool app_note_roster(struct app *app, const struct feed_note *note); /* false: another's */

/* For the views. */
struct model_item *app_item(struct app *app);
bool app_command(struct app *app, enum command command); /* to the view; false: not its own */
void app_view(struct app *app, const struct view_ops *view);
void app_paint_detail(struct app *app); /* the rule and the card of the selected call */
bool app_scroll_card(struct app *app, enum command command); /* false: no scrolling command */

struct app_sight app_card_sight(const struct app *app);

extern const struct view_ops view_queue, view_open, view_help, view_grant, view_batch, view_history,
	view_event, view_rules, view_rule, view_servers, view_server;

#endif
