/* Where an agent sits, read from bytes that anybody may have put there. */
#include "config.h"

#include "core/json.h"
#include "core/seat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static char *told(const struct seat *seat)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	seat_write(seat, &w);
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	return text;
}

#define TMUX_IS(socket, pane) "\"tmux\":\"" socket "\",\"pane\":\"" pane "\""

/* "|" stands for a NUL. */
static const struct {
	const char *environment, *says;
} rows[] = {
	{ "", "" },
	{ "|||", "" },
	{ "TMUX=/tmp/t/default,7,0|TMUX_PANE=%3|", TMUX_IS("/tmp/t/default", "%3") },
	{ "TMUX=/tmp/a,b/c,7,0|TMUX_PANE=%3|", TMUX_IS("/tmp/a,b/c", "%3") },
	{ "A=TMUX=/x,7,0|TMUX_PANE=%3|TMUX=/tmp/t,7,0|", TMUX_IS("/tmp/t", "%3") },
	{ "TMUX=/tmp/1,7,0|TMUX=/tmp/2,7,0|TMUX_PANE=%1|TMUX_PANE=%2|", TMUX_IS("/tmp/1", "%1") },
	{ "TMUX_PANE=%3|", "" },
	{ "TMUX=/tmp/t,7,0|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%3", "" }, /* cut: it may go on */
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=3|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%3 |", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%3;kill-server|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%1234567890|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=-t|", "" },
	{ "TMUX=tmp/t,7,0|TMUX_PANE=%3|", "" },
	{ "TMUX=,7,0|TMUX_PANE=%3|", "" },
	{ "TMUX=,,|TMUX_PANE=%3|", "" },
	{ "TMUX=|TMUX_PANE=%3|", "" },
	{ "TMUX=/tmp/t|TMUX_PANE=%3|", "" },
	{ "TMUX=/tmp/\033[2J,7,0|TMUX_PANE=%3|", "" },
	{ "TMUX=/tmp/\xff,7,0|TMUX_PANE=%3|", "" },
	{ "TMUX=/" HUNDRED TEN ",7,0|TMUX_PANE=%3|", "" },
	{ "NVIM=/run/nvim|", "\"editor\":\"Neovim\"" },
	{ "NVIM=|", "" },
	{ "TERM_PROGRAM=vscode|", "\"editor\":\"VS Code\"" },
	{ "TERM_PROGRAM=vscode|CURSOR_TRACE_ID=1|", "\"editor\":\"Cursor\"" },
	{ "TERM_PROGRAM=tmux|", "" },
	{ "TERM_PROGRAM=vscode2|", "" },
	{ "TMUX=/tmp/t,7,0|TMUX_PANE=%3|INSIDE_EMACS=29,vterm|",
		TMUX_IS("/tmp/t", "%3") ",\"editor\":\"Emacs\"" },
};

static void an_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct seat seat;
		char *text = xstrdup(rows[i].environment);
		size_t len = strlen(text);
		for (size_t k = 0; k < len; k++) {
			text[k] = text[k] == '|' ? '\0' : text[k];
		}
		seat_read(&seat, (struct span){ text, len });
		char *says = told(&seat);
		if (strcmp(says, rows[i].says) != 0) {
			fail_msg("%s: %s", rows[i].environment, says);
		}
		free(says);
		free(text);
		seat_finish(&seat);
	}
}

static void what_a_gate_says(void **state)
{
	static const struct {
		const char *object, *says;
	} told_rows[] = {
		{ "{}", "" },
		{ "{\"tmux\":\"/tmp/t\",\"pane\":\"%3\",\"editor\":\"Zed\"}",
			TMUX_IS("/tmp/t", "%3") ",\"editor\":\"Zed\"" },
		{ "{\"tmux\":\"/tmp/t\",\"pane\":\"%3\\u0000;\"}", "" },
		{ "{\"tmux\":\"/tmp/\\u001b\",\"pane\":\"%3\"}", "" },
		{ "{\"tmux\":7,\"pane\":[\"%3\"],\"editor\":{}}", "" },
		{ "{\"editor\":\"Word\"}", "" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(told_rows); i++) {
		struct seat seat, copy;
		seat_parse(&seat, span_of(told_rows[i].object));
		seat_copy(&copy, &seat);
		seat_finish(&seat);
		char *says = told(&copy);
		assert_string_equal(says, told_rows[i].says);
		free(says);
		seat_finish(&copy);
	}
}

static void processes(void **state)
{
	static const struct {
		const char *process, *editor;
	} named[] = {
		{ "nvim", "Neovim" },
		{ "vim.nox", "Vim" },
		{ "code", "VS Code" },
		{ "code-insiders", "VS Code" },
		{ "rider", "JetBrains" },
		{ "studio", "JetBrains" },
		{ "cod", NULL },
		{ "insiders", NULL },
		{ "vi gvim", NULL },
		{ "", NULL },
		{ "bash", NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(named); i++) {
		const char *editor = seat_editor(named[i].process);
		assert_string_equal(editor ? editor : "-", named[i].editor ? named[i].editor : "-");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment),
		cmocka_unit_test(what_a_gate_says),
		cmocka_unit_test(processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
