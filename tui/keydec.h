/*
 * Bytes from the terminal -> events. Pure: no clock, no terminal.
 *
 * Whole escape sequences are swallowed, also those that nobody knows: no byte from inside a
 * sequence, a reply of the terminal or a paste ever becomes a key.
 */
#ifndef BASCULE_TUI_KEYDEC_H
#define BASCULE_TUI_KEYDEC_H

#include "core/buf.h"

/* id, name as in the table of commands and later in keys.ini */
#define KEY_NAMES(X) \
	X(UP, "Up") \
	X(DOWN, "Down") \
	X(LEFT, "Left") \
	X(RIGHT, "Right") \
	X(HOME, "Home") \
	X(END, "End") \
	X(PGUP, "PgUp") \
	X(PGDN, "PgDn") \
	X(INSERT, "Insert") \
	X(DELETE, "Delete") \
	X(ENTER, "Enter") \
	X(TAB, "Tab") \
	X(BACKTAB, "S-Tab") \
	X(BACKSPACE, "Backspace") \
	X(ESC, "Esc") \
	X(F1, "F1")

/* A key is a code point, or one of these, or K_CTRL('l'); KEY_ALT is added to it. */
enum key {
	K_NONE = 0,
	K_NAMED = 0x110000, /* above every code point */
#define X(id, name) K_##id,
	KEY_NAMES(X)
#undef X
		K_NAMED_END,
	K_CTRL_BIT = 0x200000,
	K_ALT_BIT = 0x400000,
};
#define K_CTRL(letter) (K_CTRL_BIT | (letter))

enum keydec_kind {
	KEYDEC_KEY,
	KEYDEC_PASTE, /* `text` is what was pasted, at most KEYDEC_PASTE_MAX bytes */
	KEYDEC_FOCUS_IN,
	KEYDEC_FOCUS_OUT,
	KEYDEC_CLICK, /* the first button went down at `y`, `x` */
	KEYDEC_WHEEL, /* over them; `key` is K_UP or K_DOWN */
	/* what the terminal was asked; `text` is the inside: "11;rgb:0/0/0", "?62;4c" */
	KEYDEC_REPLY,
	/* bytes that mean nothing here: an unknown sequence, what follows a broken one */
	KEYDEC_NOISE,
};

struct keydec_event {
	enum keydec_kind kind;
	uint32_t key;
	struct span text; /* borrowed for the call */
	int y, x; /* cells of the screen, from 0 */
};

typedef void keydec_fn(void *data, const struct keydec_event *event);

enum { KEYDEC_ESC_MS = 25, KEYDEC_STUCK_MS = 3000, KEYDEC_PASTE_MAX = 64 << 10 };

enum keydec_state {
	KEYDEC_GROUND,
	KEYDEC_ESC, /* ESC seen */
	KEYDEC_CSI,
	KEYDEC_SS3,
	KEYDEC_SKIP, /* a fixed number of bytes that belong to a sequence */
	KEYDEC_STRING, /* OSC, DCS, APC, PM, SOS */
	KEYDEC_STRING_ESC, /* ESC inside a string: the end, or a new sequence */
	KEYDEC_PASTING,
};

/* Zero-initialised is ready. */
struct keydec {
	enum keydec_state state;
	struct buf paste;
	/* parameters, or an operating system command; longer ones are cut, and then unknown */
	char csi[32];
	unsigned csi_len;
	unsigned skip;
	unsigned tail; /* how much of the end-of-paste marker has been seen */
	uint32_t point; /* UTF-8 being collected */
	unsigned point_left, point_low;
	bool osc; /* the string is an operating system command */
	bool drop_next; /* a sequence never ended: the next burst may be its rest */
};

void keydec_finish(struct keydec *dec);
void keydec_feed(struct keydec *dec, struct span bytes, keydec_fn *each, void *data);

/* How long the caller waits without a byte before it calls keydec_flush; 0: nothing is pending. */
unsigned keydec_wait_ms(const struct keydec *dec);
/* A lone ESC becomes the Esc key; anything else that never ended is dropped, and the first burst
 * after it too. */
void keydec_flush(struct keydec *dec, keydec_fn *each, void *data);

/* The key of a name such as "j", "Down", "^L"; 0 if there is none. */
uint32_t keydec_key(struct span name);
/* The name of a key, for help; false if it has none (then a code point). */
const char *keydec_name(uint32_t key);

#endif
