/*
 * The decoder is a state machine over single bytes, so that any split of the input gives the same
 * events.
 *
 * Promises: what begins with ESC [ , ESC ], ESC P, ESC X, ESC ^, ESC _, ESC O is consumed to its
 * end; a paste is one event; a sequence that breaks off swallows what may be its rest rather than
 * let it act as keys. A control byte ends a string sequence, so that a stray Alt-] cannot lock the
 * keyboard. Does not know about time: the caller waits (keydec_wait_ms) and flushes. Called by
 * main.c with what it read.
 *
 * Sources: ECMA-48 5.4 (CSI), 5.6 (strings); xterm ctlseqs (2004, 1004, X10 mouse);
 * console_codes(4) for ESC [ [ A.
 */
#include "config.h"

#include "tui/keydec.h"

#include <stdio.h>
#include <string.h>

struct keydec_run {
	struct keydec *dec;
	keydec_fn *each;
	void *data;
	bool mute; /* keys become noise */
};

static const char paste_end[] = "\033[201~";

struct csi_key {
	const char *params; /* "" none */
	char final;
	uint32_t key;
};

static const struct csi_key csi_keys[] = {
	{ "", 'A', K_UP },
	{ "", 'B', K_DOWN },
	{ "", 'C', K_RIGHT },
	{ "", 'D', K_LEFT },
	{ "", 'H', K_HOME },
	{ "", 'F', K_END },
	{ "", 'Z', K_BACKTAB },
	{ "1", '~', K_HOME },
	{ "2", '~', K_INSERT },
	{ "3", '~', K_DELETE },
	{ "4", '~', K_END },
	{ "5", '~', K_PGUP },
	{ "6", '~', K_PGDN },
	{ "7", '~', K_HOME },
	{ "8", '~', K_END },
	{ "11", '~', K_F1 },
};

static const struct csi_key ss3_keys[] = {
	{ "", 'A', K_UP },
	{ "", 'B', K_DOWN },
	{ "", 'C', K_RIGHT },
	{ "", 'D', K_LEFT },
	{ "", 'H', K_HOME },
	{ "", 'F', K_END },
	{ "", 'P', K_F1 },
	{ "", 'M', K_ENTER },
};

static const char *const key_names[] = { NULL,
#define X(id, name) name,
	KEY_NAMES(X)
#undef X
};

void keydec_finish(struct keydec *dec)
{
	if (dec) {
		buf_finish(&dec->paste);
		*dec = (struct keydec){ 0 };
	}
}

static void emit(struct keydec_run *run, enum keydec_kind kind, uint32_t key)
{
	struct keydec_event event = { .kind = kind, .key = key };
	if (run->mute && kind == KEYDEC_KEY) {
		event = (struct keydec_event){ .kind = KEYDEC_NOISE };
	}
	run->each(run->data, &event);
}

static void end_paste(struct keydec_run *run)
{
	struct keydec_event event = { .kind = KEYDEC_PASTE, .text = buf_view(&run->dec->paste) };
	run->each(run->data, &event);
	buf_finish(&run->dec->paste);
	run->dec->state = KEYDEC_GROUND;
}

static void paste_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	if (dec->paste.len < KEYDEC_PASTE_MAX) {
		buf_char(&dec->paste, (char)byte);
	}
	if (byte == (unsigned char)paste_end[dec->tail]) {
		dec->tail++;
	} else {
		dec->tail = byte == '\033' ? 1 : 0;
	}
	if (dec->tail == sizeof(paste_end) - 1) {
		size_t marker = sizeof(paste_end) - 1;
		if (dec->paste.len >= marker && dec->paste.len < KEYDEC_PASTE_MAX) {
			dec->paste.len -= marker;
		}
		end_paste(run);
	}
}

static uint32_t find_csi(const struct csi_key *keys, size_t count, const char *params, char final)
{
	for (size_t i = 0; i < count; i++) {
		if (keys[i].final == final && strcmp(keys[i].params, params) == 0) {
			return keys[i].key;
		}
	}
	return 0;
}

/* "<BUTTON;X;Y" and M (down) or m (up), as mode 1006 reports the mouse; it is never a key. */
static void end_mouse(struct keydec_run *run, char final)
{
	unsigned button = 0, x = 0, y = 0;
	char rest;
	bool whole = sscanf(run->dec->csi, "<%5u;%5u;%5u%c", &button, &x, &y, &rest) == 3 && x && y;
	struct keydec_event event = { .kind = KEYDEC_NOISE, .y = (int)y - 1, .x = (int)x - 1 };
	if (whole && final == 'M' && button == 0) {
		event.kind = KEYDEC_CLICK;
	} else if (whole && final == 'M' && (button == 64 || button == 65)) {
		event.kind = KEYDEC_WHEEL;
		event.key = button == 64 ? K_UP : K_DOWN;
	}
	run->each(run->data, &event);
}

/* What a string or a report said, if it is whole. */
static void reply(struct keydec_run *run, bool whole)
{
	struct keydec *dec = run->dec;
	struct keydec_event event = { .kind = KEYDEC_NOISE };
	if (whole && !run->mute && dec->csi_len < sizeof(dec->csi)) {
		event.kind = KEYDEC_REPLY;
		event.text = (struct span){ dec->csi, dec->csi_len };
	}
	run->each(run->data, &event);
}

static void end_csi(struct keydec_run *run, char final)
{
	struct keydec *dec = run->dec;
	bool cut = dec->csi_len >= sizeof(dec->csi);
	dec->csi[cut ? 0 : dec->csi_len] = '\0';
	dec->state = KEYDEC_GROUND;
	if (cut) {
		emit(run, KEYDEC_NOISE, 0);
		return;
	}
	if (dec->csi[0] == '<' && (final == 'M' || final == 'm')) {
		end_mouse(run, final);
		return;
	}
	if (dec->csi[0] == '?' && (final == 'c' || final == 'n')) {
		dec->csi[dec->csi_len++] = final;
		reply(run, true);
		return;
	}
	if (final == '~' && strcmp(dec->csi, "200") == 0) {
		dec->state = KEYDEC_PASTING;
		dec->tail = 0;
		return;
	}
	if (dec->csi_len == 0 && (final == 'I' || final == 'O')) {
		emit(run, final == 'I' ? KEYDEC_FOCUS_IN : KEYDEC_FOCUS_OUT, 0);
		return;
	}
	if (dec->csi_len == 0 &&
		(final == 'M' || final == '[')) { /* X10 mouse; the Linux console's function keys */
		dec->state = KEYDEC_SKIP;
		dec->skip = final == 'M' ? 3 : 1;
		return;
	}
	uint32_t key = find_csi(csi_keys, COUNT_OF(csi_keys), dec->csi, final);
	emit(run, key ? KEYDEC_KEY : KEYDEC_NOISE, key);
}

static void csi_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	if (byte == '\033') {
		emit(run, KEYDEC_NOISE, 0);
		dec->state = KEYDEC_ESC;
	} else if (byte < 0x20 || byte == 0x7f) {
		emit(run, KEYDEC_NOISE, 0);
		dec->state = KEYDEC_GROUND;
	} else if (byte >= 0x40 && byte < 0x7f) {
		end_csi(run, (char)byte);
	} else if (dec->csi_len < sizeof(dec->csi)) {
		dec->csi[dec->csi_len++] = (char)byte;
	}
}

static void string_byte(struct keydec_run *run, unsigned char byte)
{
	if (byte == '\033') {
		run->dec->state = KEYDEC_STRING_ESC;
	} else if (byte < 0x20) {
		run->dec->state = KEYDEC_GROUND;
		reply(run, byte == '\a' && run->dec->osc);
	} else if (run->dec->csi_len < sizeof(run->dec->csi)) {
		run->dec->csi[run->dec->csi_len++] = (char)byte;
	}
}

static uint32_t control_key(unsigned char byte)
{
	switch (byte) {
	case '\r':
	case '\n':
		return K_ENTER;
	case '\t':
		return K_TAB;
	case 0x08:
	case 0x7f:
		return K_BACKSPACE;
	case 0:
		return 0;
	default:
		return byte <= 26 ? K_CTRL('a' + byte - 1) : 0;
	}
}

/* The rest of a UTF-8 character; overlong forms, surrogates and C1 controls are noise. */
static void point_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	dec->point = dec->point << 6 | (byte & 0x3f);
	if (--dec->point_left) {
		return;
	}
	bool bad = dec->point < dec->point_low || dec->point > 0x10ffff ||
		(dec->point >= 0xd800 && dec->point < 0xe000) ||
		(dec->point >= 0x80 && dec->point < 0xa0);
	emit(run, bad ? KEYDEC_NOISE : KEYDEC_KEY, bad ? 0 : dec->point);
}

static void begin_point(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	unsigned more = 0;
	static const unsigned low[] = { 0, 0x80, 0x800, 0x10000 };
	if (byte >= 0xc2 && byte < 0xf8) {
		more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
	}
	if (!more) {
		emit(run, KEYDEC_NOISE, 0);
		return;
	}
	dec->point = byte & (0x3fu >> more);
	dec->point_left = more;
	dec->point_low = low[more];
}

static void ground_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	if (dec->point_left && (byte & 0xc0) == 0x80) {
		point_byte(run, byte);
		return;
	}
	if (dec->point_left) {
		dec->point_left = 0;
		emit(run, KEYDEC_NOISE, 0);
	}
	if (byte == '\033') {
		dec->state = KEYDEC_ESC;
	} else if (byte < 0x20 || byte == 0x7f) {
		uint32_t key = control_key(byte);
		emit(run, key ? KEYDEC_KEY : KEYDEC_NOISE, key);
	} else if (byte < 0x80) {
		emit(run, KEYDEC_KEY, byte);
	} else {
		begin_point(run, byte);
	}
}

static void esc_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	dec->state = KEYDEC_GROUND;
	switch (byte) {
	case '[':
		dec->state = KEYDEC_CSI;
		dec->csi_len = 0;
		break;
	case 'O':
		dec->state = KEYDEC_SS3;
		break;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		dec->state = KEYDEC_STRING;
		dec->osc = byte == ']';
		dec->csi_len = 0;
		break;
	case '\033':
		emit(run, KEYDEC_KEY, K_ESC);
		dec->state = KEYDEC_ESC;
		break;
	default:
		if (byte > 0x20 && byte < 0x7f) {
			emit(run, KEYDEC_KEY, K_ALT_BIT | byte);
		} else {
			emit(run, KEYDEC_NOISE, 0);
		}
	}
}

static void ss3_byte(struct keydec_run *run, unsigned char byte)
{
	run->dec->state = KEYDEC_GROUND;
	if (byte == '\033') {
		run->dec->state = KEYDEC_ESC;
		return;
	}
	uint32_t key = find_csi(ss3_keys, COUNT_OF(ss3_keys), "", (char)byte);
	emit(run, key ? KEYDEC_KEY : KEYDEC_NOISE, key);
}

static void one_byte(struct keydec_run *run, unsigned char byte)
{
	struct keydec *dec = run->dec;
	switch (dec->state) {
	case KEYDEC_GROUND:
		ground_byte(run, byte);
		break;
	case KEYDEC_ESC:
		esc_byte(run, byte);
		break;
	case KEYDEC_CSI:
		csi_byte(run, byte);
		break;
	case KEYDEC_SS3:
		ss3_byte(run, byte);
		break;
	case KEYDEC_SKIP:
		if (--dec->skip == 0) {
			dec->state = KEYDEC_GROUND;
			emit(run, KEYDEC_NOISE, 0);
		}
		break;
	case KEYDEC_STRING:
		string_byte(run, byte);
		break;
	case KEYDEC_STRING_ESC:
		dec->state = KEYDEC_GROUND;
		reply(run, byte == '\\' && dec->osc);
		if (byte != '\\') {
			esc_byte(run, byte);
		}
		break;
	case KEYDEC_PASTING:
		paste_byte(run, byte);
		break;
	}
}

void keydec_feed(struct keydec *dec, struct span bytes, keydec_fn *each, void *data)
{
	struct keydec_run run = { dec, each, data, dec->drop_next };
	dec->drop_next = dec->drop_next && bytes.len == 0;
	for (size_t i = 0; i < bytes.len; i++) {
		one_byte(&run, (unsigned char)bytes.at[i]);
	}
}

unsigned keydec_wait_ms(const struct keydec *dec)
{
	if (dec->state == KEYDEC_GROUND) {
		return 0;
	}
	return dec->state == KEYDEC_ESC ? KEYDEC_ESC_MS : KEYDEC_STUCK_MS;
}

void keydec_flush(struct keydec *dec, keydec_fn *each, void *data)
{
	struct keydec_run run = { dec, each, data, false };
	if (dec->state == KEYDEC_GROUND) {
		return;
	}
	if (dec->state == KEYDEC_ESC) {
		dec->state = KEYDEC_GROUND;
		emit(&run, KEYDEC_KEY, K_ESC);
		return;
	}
	dec->state = KEYDEC_GROUND;
	dec->drop_next = true;
	buf_finish(&dec->paste);
	emit(&run, KEYDEC_NOISE, 0);
}

uint32_t keydec_key(struct span name)
{
	if (name.len == 1 && (unsigned char)name.at[0] > 0x20 && (unsigned char)name.at[0] < 0x7f) {
		return (unsigned char)name.at[0];
	}
	if (name.len == 2 && name.at[0] == '^' && name.at[1] >= 'A' && name.at[1] <= 'Z') {
		return K_CTRL((uint32_t)(name.at[1] - 'A' + 'a'));
	}
	for (size_t i = 1; i < COUNT_OF(key_names); i++) {
		if (span_is(name, key_names[i])) {
			return K_NAMED + (uint32_t)i;
		}
	}
	return span_is(name, "Space") ? ' ' : 0;
}

const char *keydec_name(uint32_t key)
{
	return key > K_NAMED && key < K_NAMED_END ? key_names[key - K_NAMED] : NULL;
}
