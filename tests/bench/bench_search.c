/*
 * What finding calls costs: `bench_search DIR [CALLS]` makes DIR/log.db and DIR/search.db with that
 * many made-up calls and asks for words and parts of words, a page of 50 each. What the index names
 * is read from log.db and compared with all its text, as a search does. Prints targets kept or
 * missed.
 */
#include "config.h"

#include "core/search_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 1000, PAGE = 50, QUESTIONS = 400 };

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "bench_search: %s\n", err->text);
		exit(1);
	}
}

/* ---- calls ---- */

static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

#define PICK(list, seed) (list)[next(seed) % COUNT_OF(list)]

static const char *const tools[] = { "write_file", "read_text_file", "edit_file", "Bash",
	"search_files", "git_commit", "git_push", "list_directory", "create_directory" };
static const char *const servers[] = { "fs", "git", "shell", "github", "postgres" };
static const char *const clients[] = { "claude-code", "codex", "gemini-cli" };
static const char *const rules[] = { "built-in:reads-in-scope", "built-in:rest", "policy.rules:12",
	"policy.rules:31", "built-in:shell-reads" };
static const char *const projects[] = { "service", "webapp", "infra", "mobile", "ledger" };
static const char *const dirs[] = { "src", "lib", "tests", "handlers", "payments", "docs",
	"scripts", "config", "api", "models", "components", "services", "utils" };
static const char *const names[] = { "payment_intent", "user_session", "invoice", "parser",
	"history", "index", "queue_view", "broker", "store", "migration", "router", "auth_token",
	"cache", "report", "scheduler" };
static const char *const endings[] = { "ts", "c", "h", "py", "md", "json", "go", "rs" };
static const char *const words[] = { "the", "of", "error", "return", "value", "test", "function",
	"call", "file", "path", "server", "client", "build", "failed", "passed", "expected",
	"running", "install", "update", "commit", "branch", "merge", "request", "response",
	"timeout", "retry", "default", "option", "string", "number", "query", "table", "column",
	"result", "warning", "line", "module", "import", "export", "struct" };

static void put_path(struct buf *b, uint64_t *seed)
{
	buf_printf(b, "/home/dev/work/%s/%s/%s/%s_%u.%s", PICK(projects, seed), PICK(dirs, seed),
		PICK(dirs, seed), PICK(names, seed), (unsigned)(next(seed) % 3000),
		PICK(endings, seed));
}

static void put_words(struct buf *b, size_t count, uint64_t *seed)
{
	for (size_t i = 0; i < count; i++) {
		if (next(seed) % 16) {
			buf_printf(b, "%s ", PICK(words, seed));
		} else {
			buf_printf(b, "%s_%x ", PICK(names, seed), (unsigned)(next(seed) & 0xffff));
		}
	}
}

struct made {
	struct history_call call;
	struct buf target, text; /* the second: all that is searched */
};

static void make(struct made *m, int64_t number)
{
	uint64_t seed = (uint64_t)number;
	const char *tool = PICK(tools, &seed), *rule = PICK(rules, &seed);
	buf_clear(&m->target);
	buf_clear(&m->text);
	put_path(&m->target, &seed);
	m->call = (struct history_call){ .state = LIFE_RELEASED,
		.method = SPAN("tools/call"),
		.tool = span_of(tool),
		.target = buf_view(&m->target),
		.era = SPAN("legacy"),
		.toward = SPAN("server"),
		.verdict = SPAN("allow"),
		.rule = span_of(rule),
		.reason = SPAN("reads inside the scope"),
		.branch = SPAN("main"),
		.arrived_us = 1767000000000000 + number * 40000,
		.size = -1,
		.took_us = -1 };
	memset(m->call.bytes, (int)(number % 255) + 1, sizeof(m->call.bytes));
	buf_printf(&m->text, "%s\n%s\n%s\n%s\n%s\nreads inside the scope\n{\"path\":\"", tool,
		buf_cstr(&m->target), PICK(servers, &seed), PICK(clients, &seed), rule);
	put_path(&m->text, &seed);
	buf_text(&m->text, "\",\"content\":\"");
	put_words(&m->text, 30, &seed);
	buf_text(&m->text, "\"}\n");
	put_words(&m->text, 25, &seed);
}

/* ---- writing ---- */

struct files {
	char *log, *index;
	struct history *h;
	struct search *s;
	int64_t session;
};

static void fill(struct files *f, int64_t calls)
{
	struct made m = { 0 };
	struct err err;
	double rows = 0, entering = 0, text = 0;
	for (int64_t n = 1; n <= calls;) {
		double start = now_us();
		int64_t from = n, to = n + BATCH > calls + 1 ? calls + 1 : n + BATCH;
		must(history_begin(f->h, &err), &err);
		for (; n < to; n++) {
			char id[64];
			snprintf(id, sizeof(id), "0123456789abcdef-%lld", (long long)n);
			make(&m, n);
			m.call.call = span_of(id);
			m.call.session = f->session;
			must(history_add(f->h, &m.call, &err), &err);
		}
		must(history_commit(f->h, &err), &err);
		must(history_checkpoint_file(f->log, &err), &err);
		double middle = now_us();
		must(search_begin(f->s, &err), &err);
		for (n = from; n < to; n++) {
			make(&m, n);
			text += (double)m.text.len;
			must(search_add(f->s, n, m.call.arrived_us, buf_view(&m.text), false, &err),
				&err);
		}
		must(search_commit(f->s, &err), &err);
		rows += middle - start;
		entering += now_us() - middle;
	}
	printf("%lld calls, %.0f bytes of text each: a row %.1f us, entering it %.1f us\n",
		(long long)calls, text / (double)calls, rows / (double)calls,
		entering / (double)calls);
	buf_finish(&m.target);
	buf_finish(&m.text);
}

static double bytes_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* ---- asking ---- */

struct page {
	struct history *h;
	struct made made;
	const char *word;
	size_t found, named;
};

static bool read_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct page *p = data;
	(void)session;
	make(&p->made, call->number); /* in the place of reading its texts */
	p->found += strstr(buf_cstr(&p->made.text), p->word) != NULL;
	return true;
}

static bool compare(void *data, int64_t number)
{
	struct page *p = data;
	struct err err;
	p->named++;
	must(history_numbered(p->h, number, read_row, p, &err), &err);
	return p->found < PAGE;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static bool within(const char *what, double *us, double p50_ms, double p99_ms)
{
	qsort(us, QUESTIONS, sizeof(*us), by_size);
	double p50 = us[QUESTIONS / 2] / 1e3, p99 = us[QUESTIONS * 99 / 100] / 1e3;
	bool kept = p50 < p50_ms && p99 < p99_ms;
	printf("%-10s p50 %7.2f ms (under %.0f), p99 %7.2f ms (under %.0f), longest %.2f: %s\n",
		what, p50, p50_ms, p99, p99_ms, us[QUESTIONS - 1] / 1e3, kept ? "kept" : "MISSED");
	return kept;
}

/* Whole words: common ones, rare ones, and some that are nowhere. */
static void put_word(struct buf *b, size_t i, uint64_t *seed)
{
	switch (i % 4) {
	case 0:
		buf_text(b, PICK(words, seed));
		break;
	case 1:
		buf_printf(b, "%s_%x", PICK(names, seed), (unsigned)(next(seed) & 0xffff));
		break;
	case 2:
		buf_printf(b, "%s_%u.%s", PICK(names, seed), (unsigned)(next(seed) % 3000),
			PICK(endings, seed));
		break;
	default:
		buf_printf(b, "%s%s", PICK(dirs, seed), PICK(words, seed));
		break;
	}
}

/* Parts of paths and identifiers. */
static void put_part(struct buf *b, size_t i, uint64_t *seed)
{
	if (i % 2) {
		buf_printf(b, "%s/%s/%.4s", PICK(dirs, seed), PICK(dirs, seed), PICK(names, seed));
	} else {
		const char *name = PICK(names, seed);
		buf_printf(b, "%s_%u", name + strlen(name) / 2, (unsigned)(next(seed) % 3000));
	}
}

static bool ask_all(struct files *f, const char *what,
	void (*put)(struct buf *b, size_t i, uint64_t *seed), double p50_ms, double p99_ms)
{
	double *us = xcalloc(QUESTIONS, sizeof(*us));
	struct buf word = { 0 };
	struct page p = { .h = f->h };
	struct err err;
	uint64_t seed = 42;
	size_t named = 0, found = 0;
	for (size_t i = 0; i < QUESTIONS; i++) {
		bool narrow;
		buf_clear(&word);
		put(&word, i, &seed);
		p.word = buf_cstr(&word);
		p.found = p.named = 0;
		struct span asked = buf_view(&word);
		double start = now_us();
		must(search_find(f->s, &asked, 1, INT64_MAX, compare, &p, &narrow, &err), &err);
		us[i] = now_us() - start;
		named += p.named;
		found += p.found;
		if (getenv("BENCH_SLOW") && us[i] > p99_ms * 1e3) {
			printf("  %s: %.1f ms, %zu of %zu\n", p.word, us[i] / 1e3, p.found,
				p.named);
		}
	}
	printf("%s: %zu named, %zu found\n", what, named, found);
	bool kept = within(what, us, p50_ms, p99_ms);
	free(us);
	buf_finish(&word);
	buf_finish(&p.made.target);
	buf_finish(&p.made.text);
	return kept;
}

static bool ignore_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	(void)call;
	(void)session;
	++*(size_t *)data;
	return true;
}

static bool open_view(struct files *f)
{
	struct err err;
	size_t rows = 0;
	double start = now_us();
	must(history_latest(f->h, (struct span){ 0 }, INT64_MAX, 500, ignore_row, &rows, &err),
		&err);
	double ms = (now_us() - start) / 1e3;
	printf("the latest %zu rows: %.2f ms (under 50): %s\n", rows, ms,
		ms < 50 ? "kept" : "MISSED");
	return ms < 50;
}

static void begin(struct files *f, const char *dir)
{
	static const unsigned char key[32] = { 1, 2, 3 };
	struct history_session s = { .instance = SPAN("0123456789abcdef"),
		.client = SPAN("bench"),
		.server = SPAN("fs"),
		.boot = SPAN("b"),
		.started_us = 1,
		.agent_pid = 1 };
	struct err err;
	f->log = xasprintf("%s/log.db", dir);
	f->index = xasprintf("%s/search.db", dir);
	unlink(f->log);
	unlink(f->index);
	must((f->h = history_open(f->log, key, false, 0, NULL, &err)) != NULL, &err);
	must((f->s = search_open(f->index, false, &err)) != NULL, &err);
	must(history_begin(f->h, &err) && history_session(f->h, &s, &f->session, &err) &&
			history_commit(f->h, &err),
		&err);
}

int main(int argc, char **argv)
{
	int64_t calls = argc > 2 ? strtoll(argv[2], NULL, 10) : 50000;
	struct files f = { 0 };
	struct err err;
	if (argc < 2 || calls < 1) {
		fprintf(stderr, "usage: bench_search DIR [CALLS]\n");
		return 2;
	}
	begin(&f, argv[1]);
	fill(&f, calls);
	bool kept = open_view(&f);
	kept = ask_all(&f, "words", put_word, 30, 100) && kept;
	kept = ask_all(&f, "parts", put_part, 100, 1000) && kept;
	search_close(f.s);
	must(history_checkpoint_file(f.log, &err), &err);
	history_close(f.h);
	double row = bytes_of(f.log) / (double)calls, index = bytes_of(f.index) / (double)calls;
	printf("%.0f bytes a row, %.0f of index (together under 1536): %s\n", row, index,
		row + index < 1536 ? "kept" : "MISSED");
	unlink(f.log);
	unlink(f.index);
	free(f.log);
	free(f.index);
	printf("bench_search: %s\n", kept && row + index < 1536 ? "all kept" : "MISSED");
	return 0;
}
