/* The theme is the console's only hook: a colour that is unique names the role. */
#include "config.h"

#include "tests/tui/picture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tui/theme.h"

enum { CUBE = 17 /* the first colour of xterm's cube but black */ };

/* One letter a role, so that a role more does not change the others'. */
static const char letters[ROLE_COUNT] = {
	[ROLE_TEXT] = '.',
	[ROLE_DIM] = 'd',
	[ROLE_HEADER] = 'H',
	[ROLE_TROUBLE] = 'T',
	[ROLE_RULE] = '-',
	[ROLE_SELECTED] = '>',
	[ROLE_LABEL] = 'l',
	[ROLE_STRONG] = 's',
	[ROLE_RISK_HIGH] = '3',
	[ROLE_RISK_MEDIUM] = '2',
	[ROLE_RISK_LOW] = '1',
	[ROLE_WARNING] = 'w',
	[ROLE_ADDED] = 'a',
	[ROLE_REMOVED] = 'r',
	[ROLE_ADDED_WORD] = 'A',
	[ROLE_REMOVED_WORD] = 'R',
	[ROLE_HUNK] = 'h',
	[ROLE_STATUS] = 'S',
	[ROLE_PROMPT] = 'p',
	[ROLE_KEY] = 'k',
	[ROLE_HINT] = 'i',
};

static const char *const names[ROLE_COUNT] = {
#define X(id, name, rich, mono) name,
	THEME_ROLES(X)
#undef X
};

const char *picture_letterless(void)
{
	for (int a = 0; a < ROLE_COUNT; a++) {
		for (int b = 0; b <= a; b++) {
			if (!letters[a] || (b < a && letters[a] == letters[b])) {
				return names[a];
			}
		}
	}
	return NULL;
}

static int level(int n)
{
	return n ? 55 + 40 * n : 0;
}

static FILE *create(const char *root, const char *name)
{
	char *path = xasprintf("%s/%s", root, name);
	FILE *file = fopen(path, "w");
	free(path);
	return file ? file : (abort(), NULL);
}

static void make_dir(const char *root, const char *name)
{
	char *path = xasprintf("%s/%s", root, name);
	if (mkdir(path, 0700) != 0) {
		abort();
	}
	free(path);
}

void picture_theme(const char *root)
{
	make_dir(root, "config");
	make_dir(root, "config/themes");
	FILE *config = create(root, "config/config.ini");
	fprintf(config, "[console]\ntheme = roles\n");
	fclose(config);
	FILE *theme = create(root, "config/themes/roles.ini");
	fprintf(theme, "[style]\n");
	for (int role = 0; role < ROLE_COUNT; role++) {
		int n = CUBE - 16 + role;
		fprintf(theme, "%s = default, #%02x%02x%02x\n", names[role], level(n / 36),
			level(n / 6 % 6), level(n % 6));
	}
	fclose(theme);
}

static char letter_of(VTermScreenCell cell)
{
	int role = VTERM_COLOR_IS_INDEXED(&cell.bg) ? cell.bg.indexed.idx - CUBE : -1;
	return role >= 0 && role < ROLE_COUNT && letters[role] ? letters[role] : '?';
}

static void add_line(struct buf *out, char *text, char blank)
{
	size_t n = strlen(text);
	while (n && text[n - 1] == blank) {
		n--;
	}
	buf_span(out, (struct span){ text, n });
	buf_char(out, '\n');
}

/* What ages stands in front of these: "1:49 left". */
static const char *const ageing[] = { " left", ": then the client gives up" };

static void mask(char *text)
{
	for (size_t i = 0; i < COUNT_OF(ageing); i++) {
		for (char *at = text; (at = strstr(at, ageing[i]));) {
			for (char *p = at;
				p > text && (isdigit((unsigned char)p[-1]) || p[-1] == ':');) {
				p--;
				*p = *p == ':' ? ':' : '#';
			}
			at++;
		}
	}
}

/* "12:41" at the end of the header. */
static void mask_clock(char *text)
{
	size_t n = strlen(text);
	while (n && text[n - 1] == ' ') {
		n--;
	}
	if (n >= 6 && text[n - 3] == ':' && text[n - 6] == ' ') {
		memcpy(text + n - 5, "##:##", 5);
	}
}

char *picture_take(struct vt *vt)
{
	struct buf out = { 0 };
	for (int row = 0; row < vt->rows; row++) {
		char *text = vt_row(vt, row);
		mask(text);
		if (row == 0) {
			mask_clock(text);
		}
		add_line(&out, text, ' ');
		free(text);
	}
	buf_text(&out, "\n");
	char *map = xcalloc((size_t)vt->cols + 1, 1);
	for (int row = 0; row < vt->rows; row++) {
		for (int col = 0; col < vt->cols; col++) {
			map[col] = letter_of(vt_cell(vt, row, col));
		}
		add_line(&out, map, '.');
		map[vt->cols] = '\0';
	}
	free(map);
	char *text = span_dup(buf_view(&out));
	buf_finish(&out);
	return text;
}
