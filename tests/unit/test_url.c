/* Addresses: which lead to this machine, which elsewhere, and which are not what they seem. */
#include "config.h"

#include "core/effects/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text, *how, *host;
} rows[] = {
	{ "http://localhost", "local", "localhost" },
	{ "http://localhost/", "local", "localhost" },
	{ "http://localhost:3000/a?b=c@d#e", "local", "localhost" },
	{ "HTTP://LOCALHOST:8080/admin?tab=1", "local", "localhost" },
	{ "https://127.0.0.1:8443/x", "local", "127.0.0.1" },
	{ "http://127.9.8.7", "local", "127.9.8.7" },
	{ "http://[::1]:3000/", "local", "::1" },
	{ "http://localhost?x", "local", "localhost" },
	{ "http://localhost#x", "local", "localhost" },
	{ "https://example.com/a", "remote", "example.com" },
	{ "https://Docs.Example.com:443/\xc3\xa9", "remote", "docs.example.com" },
	{ "http://localhost.evil.example:3000/", "remote", "localhost.evil.example" },
	{ "http://127.0.0.1.evil.example/", "remote", "127.0.0.1.evil.example" },
	{ "http://10.0.0.1/", "remote", "10.0.0.1" },
	{ "http://[2001:db8::1]/", "remote", "2001:db8::1" },
	{ "http://intranet/", "remote", "intranet" },
	{ "https://evil.example/http://localhost:3000", "remote", "evil.example" },
	/* schemes */
	{ "javascript:fetch('//x.example')", "odd", NULL },
	{ "data:text/html,<script>1</script>", "odd", NULL },
	{ "file:///etc/passwd", "odd", NULL },
	{ "chrome://settings", "odd", NULL },
	{ "about:blank", "odd", NULL },
	{ "http://localhost/a\xc2\xa0?b", "odd", NULL },
	{ "ftp://localhost/", "odd", NULL },
	{ "ws://localhost/", "odd", NULL },
	{ "view-source:http://localhost/", "odd", NULL },
	{ "localhost:3000", "odd", NULL },
	{ "//localhost/", "odd", NULL },
	{ "/etc/passwd", "odd", NULL },
	{ "http:/localhost", "odd", NULL },
	{ "http:localhost", "odd", NULL },
	{ "http:///localhost", "odd", NULL },
	{ "http://", "odd", NULL },
	{ "", "odd", NULL },
	/* who is the host? */
	{ "http://localhost@evil.example/", "odd", NULL },
	{ "http://user:pw@localhost/", "odd", NULL },
	{ "http://localhost:80@evil.example/", "odd", NULL },
	{ "http://localhost\\@evil.example/", "odd", NULL },
	{ "http://localhost\\.evil.example/", "odd", NULL },
	{ "http://localhost%2eevil.example/", "odd", NULL },
	{ "http://localhost\t.evil.example/", "odd", NULL },
	{ " http://localhost/", "odd", NULL },
	{ "http://local\nhost/", "odd", NULL },
	{ "http://localhost./", "odd", NULL },
	{ "http://.localhost/", "odd", NULL },
	{ "http://a..b/", "odd", NULL },
	{ "http://\xe2\x93\x9bocalhost/", "odd", NULL },
	{ "http://xn--lcalhost-xyz/", "odd", NULL },
	{ "http://a.xn--b/", "odd", NULL },
	{ "http://localhost;evil/", "odd", NULL },
	{ "http://localhost:x/", "odd", NULL },
	{ "http://localhost:/", "odd", NULL },
	{ "http://localhost:0/", "odd", NULL },
	{ "http://localhost:65536/", "odd", NULL },
	{ "http://localhost:80:80/", "odd", NULL },
	/* numbers */
	{ "http://2130706433/", "odd", NULL },
	{ "http://2852039166/", "odd", NULL },
	{ "http://0x7f000001/", "odd", NULL },
	{ "http://0x7f.0.0.1/", "odd", NULL },
	{ "http://127.1/", "odd", NULL },
	{ "http://127.0.0.01/", "odd", NULL },
	{ "http://0177.0.0.1/", "odd", NULL },
	{ "http://127.0.0.256/", "odd", NULL },
	{ "http://127.0.0.1./", "odd", NULL },
	{ "http://0.0.0.0/", "odd", NULL },
	{ "http://169.254.169.254/", "odd", NULL },
	{ "http://100.100.100.200/", "odd", NULL },
	{ "http://metadata.google.internal/", "odd", NULL },
	{ "http://[::ffff:169.254.169.254]/", "odd", NULL },
	{ "http://[::ffff:7f00:1]/", "odd", NULL },
	{ "http://[fe80::1%25eth0]/", "odd", NULL },
	{ "http://[fd00:ec2::254]/", "odd", NULL },
	{ "http://[::]/", "odd", NULL },
	{ "http://[::1", "odd", NULL },
	{ "http://[::1]x/", "odd", NULL },
	{ "http://[]/", "odd", NULL },
	{ "http://[1]/", "odd", NULL },
};

static void effect_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects out = { 0 };
		url_effect(&out, "url", span_of(rows[i].text));
		const struct effect *e = &out.list[0];
		if (strcmp(e->how, rows[i].how) != 0 ||
			(rows[i].host && strcmp(e->word, rows[i].host) != 0)) {
			print_error("%s: %s %s\n", rows[i].text, e->how, e->word);
			fail();
		}
		assert_int_equal(out.count, 1);
		assert_int_equal(e->kind, EFFECT_NET);
		assert_string_equal(e->given, rows[i].text);
		effects_finish(&out);
	}
}

static void parse_test(void **state)
{
	struct url url;
	char text[400] = "http://";
	(void)state;
	assert_true(url_parse(&url, SPAN("https://a.b:81/c")));
	assert_string_equal(url.scheme, "https");
	assert_int_equal(url.port, 81);
	assert_null(url.odd);
	assert_false(url_parse(&url, SPAN("https://a.b:81\0/c")));
	assert_non_null(url.odd);
	memset(text + 7, 'a', 300);
	assert_false(url_parse(&url, span_of(text)));
	for (size_t i = 0; i < 300; i += 50) {
		text[7 + i] = '.';
	}
	text[7] = 'a';
	assert_false(url_parse(&url, span_of(text)));
	text[7 + 200] = '\0';
	assert_true(url_parse(&url, span_of(text)));
}

static void match_test(void **state)
{
	static const struct {
		const char *pattern, *host;
		bool matches;
	} cases[] = {
		{ "example.com", "example.com", true },
		{ "example.com", "a.example.com", false },
		{ "example.com", "example.com.evil", false },
		{ "*.example.com", "a.example.com", true },
		{ "*.example.com", "a.b.example.com", true },
		{ "*.example.com", "example.com", false },
		{ "*.example.com", "evilexample.com", false },
		{ "*.example.com", ".example.com", false },
		{ "*.", "a.", false },
		{ "*", "a", false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(host_matches(cases[i].pattern, cases[i].host), cases[i].matches);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(effect_test),
		cmocka_unit_test(parse_test),
		cmocka_unit_test(match_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
