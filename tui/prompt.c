/*
 * The line editor for short texts, with the keys that shells have taught: ^A ^E ^U ^K ^W ^Y, M-b
 * M-f M-d, arrows, Home, End. Promises that the text is valid UTF-8 without control characters.
 * Called by app_prompt.c.
 */
#include "config.h"

#include "tui/prompt.h"

#include <string.h>

void prompt_start(struct prompt *prompt, struct span text)
{
	prompt_put(prompt, text);
	buf_clear(&prompt->killed);
	prompt->pasted = false;
}

void prompt_put(struct prompt *prompt, struct span text)
{
	bool pasted = prompt->pasted;
	buf_clear(&prompt->text);
	prompt->caret = 0;
	prompt_paste(prompt, text);
	prompt->pasted = pasted;
}

void prompt_finish(struct prompt *prompt)
{
	if (prompt) {
		buf_finish(&prompt->text);
		buf_finish(&prompt->killed);
		prompt->caret = 0;
	}
}

static size_t before(const struct prompt *p, size_t at)
{
	while (at > 0 && ((unsigned char)p->text.data[--at] & 0xc0) == 0x80) {
	}
	return at;
}

static size_t after(const struct prompt *p, size_t at)
{
	if (at < p->text.len) {
		at++;
	}
	while (at < p->text.len && ((unsigned char)p->text.data[at] & 0xc0) == 0x80) {
		at++;
	}
	return at;
}

static void cut(struct prompt *p, size_t from, size_t to)
{
	if (to > from) {
		memmove(p->text.data + from, p->text.data + to, p->text.len - to);
		p->text.len -= to - from;
	}
	p->caret = from;
}

static enum prompt_answer insert(struct prompt *p, const char *bytes, size_t n)
{
	if (p->text.len + n > PROMPT_MAX) {
		return PROMPT_FULL;
	}
	buf_room(&p->text, n);
	memmove(p->text.data + p->caret + n, p->text.data + p->caret, p->text.len - p->caret);
	memcpy(p->text.data + p->caret, bytes, n);
	p->text.len += n;
	p->caret += n;
	return PROMPT_GOES_ON;
}

static enum prompt_answer insert_point(struct prompt *p, uint32_t c)
{
	char out[4];
	size_t n = 0;
	if (c < 0x80) {
		out[n++] = (char)c;
	} else if (c < 0x800) {
		out[n++] = (char)(0xc0 | c >> 6);
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		out[n++] = (char)(0xe0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		out[n++] = (char)(0xf0 | c >> 18);
		out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
	}
	return insert(p, out, n);
}

/* Cut so that ^Y brings it back. */
static void cut_off(struct prompt *p, size_t from, size_t to)
{
	if (to > from) {
		buf_clear(&p->killed);
		buf_add(&p->killed, p->text.data + from, to - from);
	}
	cut(p, from, to);
}

static bool in_word(const struct prompt *p, size_t at)
{
	unsigned char c = (unsigned char)p->text.data[at];
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

/* As M-b and M-f count words: letters and digits. */
static size_t back_word(const struct prompt *p)
{
	size_t at = p->caret;
	while (at > 0 && !in_word(p, at - 1)) {
		at--;
	}
	while (at > 0 && in_word(p, at - 1)) {
		at--;
	}
	return at;
}

static size_t forward_word(const struct prompt *p)
{
	size_t at = p->caret;
	while (at < p->text.len && !in_word(p, at)) {
		at++;
	}
	while (at < p->text.len && in_word(p, at)) {
		at++;
	}
	return at;
}

/* As ^W counts them: what stands between spaces. */
static size_t word_start(const struct prompt *p)
{
	size_t at = p->caret;
	while (at > 0 && p->text.data[at - 1] == ' ') {
		at--;
	}
	while (at > 0 && p->text.data[at - 1] != ' ') {
		at--;
	}
	return at;
}

static enum prompt_answer backspace(struct prompt *p)
{
	if (p->text.len == 0) {
		return PROMPT_CANCELLED;
	}
	cut(p, before(p, p->caret), p->caret);
	return PROMPT_GOES_ON;
}

/* The keys that move by words, and those that cut more than a character. */
static enum prompt_answer word_key(struct prompt *p, uint32_t key)
{
	switch (key) {
	case K_CTRL('u'):
		cut_off(p, 0, p->caret);
		break;
	case K_CTRL('k'):
		cut_off(p, p->caret, p->text.len);
		break;
	case K_CTRL('w'):
		cut_off(p, word_start(p), p->caret);
		break;
	case K_ALT_BIT | 'd':
		cut_off(p, p->caret, forward_word(p));
		break;
	case K_ALT_BIT | 'b':
		p->caret = back_word(p);
		break;
	case K_ALT_BIT | 'f':
		p->caret = forward_word(p);
		break;
	case K_CTRL('y'):
		return p->killed.len ? insert(p, p->killed.data, p->killed.len) : PROMPT_GOES_ON;
	default:
		break;
	}
	return PROMPT_GOES_ON;
}

enum prompt_answer prompt_key(struct prompt *prompt, uint32_t key)
{
	switch (key) {
	case K_ENTER:
		return PROMPT_DONE;
	case K_ESC:
	case K_CTRL('c'):
	case K_CTRL('g'):
		return PROMPT_CANCELLED;
	case K_BACKSPACE:
		return backspace(prompt);
	case K_DELETE:
	case K_CTRL('d'):
		cut(prompt, prompt->caret, after(prompt, prompt->caret));
		break;
	case K_LEFT:
	case K_CTRL('b'):
		prompt->caret = before(prompt, prompt->caret);
		break;
	case K_RIGHT:
	case K_CTRL('f'):
		prompt->caret = after(prompt, prompt->caret);
		break;
	case K_HOME:
	case K_CTRL('a'):
		prompt->caret = 0;
		break;
	case K_END:
	case K_CTRL('e'):
		prompt->caret = prompt->text.len;
		break;
	default:
		return key >= 0x20 && key < K_NAMED ? insert_point(prompt, key)
						    : word_key(prompt, key);
	}
	return PROMPT_GOES_ON;
}

struct pasting {
	struct prompt *prompt;
	enum prompt_answer answer;
};

static void paste_key(void *data, const struct keydec_event *event)
{
	struct pasting *p = data;
	if (event->kind != KEYDEC_KEY || p->answer == PROMPT_FULL) {
		return;
	}
	uint32_t key = event->key == K_ENTER || event->key == K_TAB ? ' ' : event->key;
	if (key >= 0x20 && key < K_NAMED) {
		p->answer = insert_point(p->prompt, key);
	}
}

enum prompt_answer prompt_paste(struct prompt *prompt, struct span text)
{
	struct pasting pasting = { prompt, PROMPT_GOES_ON };
	prompt->pasted = true;
	struct keydec dec = { 0 };
	keydec_feed(&dec, text, paste_key, &pasting);
	keydec_finish(&dec);
	return pasting.answer;
}
