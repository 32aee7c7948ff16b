/* Statements: what only reads, and what is not proven to. */
#include "config.h"

#include "core/effects/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { P = 1 << SQL_POSTGRES, S = 1 << SQL_SQLITE, M = 1 << SQL_MYSQL, A = 1 << SQL_ANY };

static const struct {
	int reads; /* in which dialects; A: whatever the server is */
	const char *text;
} rows[] = {
	{ 0, "SELECT * FROM mysql.user" },
	{ 0, "SELECT * FROM mysql.global_priv" },
	{ 0, "SELECT * FROM mysql.\"user\"" },
	{ A | P | S | M, "SELECT * FROM mysql.help_topic" },
	{ A | P | S | M, "SELECT 1" },
	{ A | P | S | M, "select 1;" },
	{ A | P | S | M, "SELECT id, name FROM users ORDER BY id LIMIT 10" },
	{ A | P | S | M, "SELECT 'DROP TABLE users; --' AS txt" },
	{ A | P | S | M, "SELECT 'it''s' , ''" },
	{ A | P | S | M,
		"SELECT count(*) FROM orders WHERE created_at > now() - interval '1 day';" },
	{ A | P | S | M,
		"SELECT u.name, count (*) FROM users u JOIN orders o ON (o.id = u.id) GROUP BY 1" },
	{ A | P | S | M, "WITH t AS (SELECT 1 AS a), u(x, y) AS (SELECT 1, 2) SELECT a FROM t, u" },
	{ 0, "WITH evil(a) SELECT 1" },
	{ 0, "WITH t AS (SELECT 1), evil(a) SELECT 1" },
	{ 0, "WITH evil(a" },
	{ A | P | S | M, "WITH t(a) AS (SELECT 1) SELECT a FROM t" },
	{ A | P | S | M, "SELECT id FROM users -- newest first\nORDER BY id DESC LIMIT 5" },
	{ A | P | S | M, "/* all */ SELECT /* of */ 1 /* them */;\n-- end" },
	{ A | P | S | M, "(SELECT 1) UNION ALL (SELECT 2)" },
	{ A | P | S | M, "VALUES (1, 'a'), (2, 'b')" },
	{ A | P | S | M, "EXPLAIN SELECT 1" },
	{ A | P | S | M, "EXPLAIN QUERY PLAN SELECT 1" },
	{ A | P | S | M, "EXPLAIN (FORMAT JSON, VERBOSE) SELECT lower(a) FROM t" },
	{ A | P | S | M, "SELECT replace(a, 'x', 'y') FROM t" },
	{ A | P | S | M, "SELECT \"Name\" FROM \"Users\"" },
	{ A | P | S | M, "SELECT a FROM (VALUES (1)) AS t(a)" },
	{ A | P | S | M,
		"SELECT x, load, call FROM t WHERE comment LIKE 'a%' AND y IN (1, 2.5e3)" },
	{ A | P | M, "SHOW server_version" },
	{ A | P | M, "SHOW TABLES LIKE 'a%';" },
	{ A | P | M, "SHOW CREATE TABLE users" },
	{ A | M, "DESCRIBE users" },
	{ A | S, "PRAGMA table_info(users)" },
	{ A | S, "PRAGMA main.table_info('users');" },
	{ A | S, "PRAGMA user_version" },
	{ P, "SELECT data->>'a', data #> '{a,b}', data @> '{}'::jsonb FROM t" },
	{ A | P, "SELECT 1::int, '2'::numeric(5)" },
	{ P | S, "SELECT ARRAY[1,2], a[1] FROM t" },
	{ P | S | M | A, "SELECT 'a\\nb' LIKE 'a\\_b'" },
	{ S, "SELECT a FROM t WHERE b LIKE '%\\%%' ESCAPE '\\'" },
	{ P | S, "SELECT [a b] FROM t" },
	{ S | M, "SELECT `a` FROM `t`" },
	{ P | S, "SELECT 1 --c" },
	{ P | S | M | A, "SELECT pg_catalog.now()" },
	{ P | S | M | A, "SELECT substring(a FROM 1 FOR 2) FROM t" },
	{ P | S | M | A, "SELECT x'ff', 0xff" },
	{ P | S | M | A, "SELECT a FROM t\r\nWHERE b" },
	/* more than one statement */
	{ 0, "SELECT 1; DROP TABLE users" },
	{ 0, "SELECT 1;;" },
	{ 0, "COMMIT; DROP SCHEMA public CASCADE;" },
	{ 0, "SELECT 1 --\n; DELETE FROM users" },
	{ 0, "SELECT 1 -- \r; DELETE FROM users" },
	{ 0, "SELECT 1 /* a /* b */ ; DROP TABLE t; -- */" },
	{ 0, "SELECT 1 /*! ; DROP TABLE t */" },
	{ 0, "SELECT 1 /*M! ; DROP TABLE t */" },
	{ 0, "SELECT 1 /* open" },
	{ 0, "SELECT 1 # comment\n; DROP TABLE t" },
	{ 0, "SELECT E'\\'; DROP TABLE users; --'" },
	{ 0, "SELECT e'\\''" },
	{ 0, "SELECT U&'\\0027'" },
	{ 0, "SELECT $$a$$" },
	{ 0, "SELECT $t$a$t$" },
	{ 0, "SELECT 'open" },
	{ 0, "SELECT \"open" },
	{ 0, "SELECT (1" },
	{ 0, "SELECT 1)" },
	/* a quote that a backslash hides from some */
	{ S, "SELECT '\\' , '; DROP TABLE t; -- '" },
	{ 0, "SELECT '\\'; DROP TABLE t; -- '" },
	/* changes */
	{ 0, "DELETE FROM users" },
	{ 0, "update users set a = 1" },
	{ 0, "INSERT INTO t VALUES (1)" },
	{ 0, "REPLACE INTO t VALUES (1)" },
	{ 0, "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d" },
	{ 0, "WITH d AS (SELECT 1) INSERT INTO t SELECT * FROM d" },
	{ 0, "SELECT * INTO x FROM users" },
	{ 0, "SELECT 1 INTO OUTFILE '/tmp/x'" },
	{ 0, "SELECT * FROM t FOR UPDATE" },
	{ 0, "SELECT * FROM t FOR NO KEY UPDATE" },
	{ 0, "SELECT * FROM t FOR SHARE" },
	{ 0, "SELECT * FROM t FOR KEY SHARE" },
	{ 0, "SELECT * FROM t LOCK IN SHARE MODE" },
	{ 0, "SELECT NEXT VALUE FOR s" },
	{ 0, "COPY users TO PROGRAM 'sh -c id'" },
	{ 0, "COPY users FROM '/etc/passwd'" },
	{ 0, "CALL p()" },
	{ 0, "DO 1" },
	{ 0, "SET x = 1" },
	{ 0, "BEGIN" },
	{ 0, "VACUUM" },
	{ 0, "ATTACH DATABASE '/home/u/x.db' AS x" },
	{ 0, "EXPLAIN ANALYZE DELETE FROM t" },
	{ 0, "EXPLAIN ANALYZE SELECT 1" },
	{ 0, "EXPLAIN (ANALYZE) SELECT 1" },
	{ 0, "EXPLAIN (ANALYZE true, FORMAT JSON) SELECT 1" },
	{ 0, "EXPLAIN DELETE FROM t" },
	{ 0, "PRAGMA writable_schema=1" },
	{ 0, "PRAGMA user_version = 3" },
	{ 0, "PRAGMA user_version(3)" },
	{ 0, "PRAGMA journal_mode(off)" },
	{ 0, "PRAGMA table_info(users); DROP TABLE users" },
	{ 0, "PRAGMA optimize" },
	/* functions */
	{ 0, "SELECT pg_terminate_backend(1)" },
	{ 0, "SELECT setval('s', 1)" },
	{ 0, "SELECT nextval('s')" },
	{ 0, "SELECT set_config('a', 'b', false)" },
	{ 0, "SELECT dblink_exec('host=x','DROP TABLE t')" },
	{ 0, "SELECT pg_read_file('/etc/passwd')" },
	{ 0, "SELECT * FROM pg_ls_dir('/')" },
	{ 0, "SELECT lo_import('/etc/passwd')" },
	{ 0, "SELECT query_to_xml('DELETE FROM t', true, true, '')" },
	{ 0, "SELECT pg_sleep(1000)" },
	{ 0, "SELECT load_extension('x')" },
	{ 0, "SELECT load_file('/etc/passwd')" },
	{ 0, "SELECT sleep(10), benchmark(1, 2)" },
	{ 0, "SELECT \"pg_terminate_backend\"(1)" },
	{ 0, "SELECT \"pg_terminate_backend\" (1)" },
	{ 0, "SELECT pg_terminate_backend/**/(1)" },
	{ 0, "SELECT public.count(1)" },
	{ 0, "SELECT evil.now()" },
	{ 0, "SELECT `evil`(1)" },
	{ 0, "SELECT * FROM t, evil(a) AS (x int)" },
	{ 0, "WITH a AS (SELECT 1) SELECT 1, evil(a) AS b" },
	{ 0, "WITH a AS (SELECT 1 WHERE evil(1)) SELECT 1" },
	{ 0, "SELECT 1 OPERATOR(evil.+) 2" },
	{ 0, "SELECT @x := 1" },
	{ 0, "SELECT passwd FROM pg_shadow" },
	/* nothing at all */
	{ 0, "" },
	{ 0, " " },
	{ 0, ";" },
	{ 0,
		"SELECT\x01"
		"1" },
	{ 0,
		"SELECT\xc2\xa0"
		"1" },
	{ 0, "foo" },
};

static void read_test(void **state)
{
	static const char *const names[] = { "any", "postgres", "sqlite", "mysql" };
	bool ok = true;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (int d = SQL_ANY; d <= SQL_MYSQL; d++) {
			char why[160];
			bool reads = sql_reads(span_of(rows[i].text), (enum sql_dialect)d, why);
			if (reads != !!(rows[i].reads & 1 << d)) {
				print_error("%s: %s: %s\n", names[d], rows[i].text,
					reads ? "reads" : why);
				ok = false;
			}
			assert_true(reads || why[0]);
		}
	}
	assert_true(ok);
}

static void effect_test(void **state)
{
	static const struct {
		const char *text;
		bool dev;
		const char *how, *word;
	} cases[] = {
		{ "SELECT 1", true, "read", "dev" },
		{ "SELECT 1", false, "read", "" },
		{ "SELECT evil()", true, "odd", "dev" },
		{ "DROP TABLE t", false, "write", "" },
		{ "SELECT 1; DROP TABLE t", false, "write", "" },
		{ "WITH d AS (DELETE FROM t) SELECT 1", false, "write", "" },
		{ "SELECT 'DELETE", false, "odd", "" },
		{ "", false, "odd", "" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct effects out = { 0 };
		sql_effect(&out, "sql", span_of(cases[i].text), SQL_POSTGRES, cases[i].dev);
		assert_int_equal(out.count, 1);
		assert_int_equal(out.list[0].kind, EFFECT_SQL);
		assert_string_equal(out.list[0].given, cases[i].text);
		assert_string_equal(out.list[0].how, cases[i].how);
		assert_string_equal(out.list[0].word, cases[i].word);
		effects_finish(&out);
	}
}

/* A statement that reads must not read any more once something is put into it that does not. */
static void insertion_test(void **state)
{
	static const char *const put[] = { ";DROP TABLE t;", "'", "\"", " evil() ", "/*", "$$",
		"\\" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows) && rows[i].reads; i++) {
		char why[160];
		size_t n = strlen(rows[i].text);
		for (size_t k = 0; k < COUNT_OF(put); k++) {
			char *text = xasprintf("%s%s", rows[i].text, put[k]);
			bool comment = strstr(text, "--c") || strstr(text, "-- end");
			assert_true(comment || !sql_reads(span_of(text), SQL_POSTGRES, why));
			free(text);
		}
		for (size_t cut = 0; cut < n; cut++) { /* nothing is read past the end */
			char *exact = xmalloc(cut + 1);
			memcpy(exact, rows[i].text, cut);
			sql_reads((struct span){ exact, cut }, SQL_ANY, why);
			free(exact);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_test),
		cmocka_unit_test(effect_test),
		cmocka_unit_test(insertion_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
