/* What can be said of a package without a network. */
#include "config.h"

#include "core/policy/packages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// clang-format off
static const struct {
	const char *manager, *spec, *name;
	enum package_source source;
	enum package_pin pin;
} specs[] = {
	{ "npm", "left-pad", "left-pad", FROM_REGISTRY, PIN_NONE },
	{ "npm", "left-pad@1.3.0", "left-pad", FROM_REGISTRY, PIN_EXACT },
	{ "npm", "left-pad@v1.3.0", "left-pad", FROM_REGISTRY, PIN_EXACT },
	{ "npm", "left-pad@^1.3.0", "left-pad", FROM_REGISTRY, PIN_RANGE },
	{ "npm", "left-pad@1", "left-pad", FROM_REGISTRY, PIN_RANGE },
	{ "npm", "left-pad@latest", "left-pad", FROM_REGISTRY, PIN_TAG },
	{ "npm", "@types/node@20.1.0", "@types/node", FROM_REGISTRY, PIN_EXACT },
	{ "npm", "@types/node", "@types/node", FROM_REGISTRY, PIN_NONE },
	{ "npm", "a@npm:b", "a", FROM_ALIAS, PIN_TAG },
	{ "npm", "github:u/r#semver:^1", "", FROM_GIT, PIN_NONE },
	{ "npm", "u/r#main", "", FROM_GIT, PIN_NONE },
	{ "npm", "git+https://h/u/r.git", "", FROM_GIT, PIN_NONE },
	{ "npm", "https://h/x.tgz", "", FROM_URL, PIN_NONE },
	{ "npm", "../x.tgz", "", FROM_PATH, PIN_NONE },
	{ "pip", "Requests==2.31.0", "requests", FROM_REGISTRY, PIN_EXACT },
	{ "pip", "requests[security]>=2", "requests", FROM_REGISTRY, PIN_RANGE },
	{ "pip", "requests==2", "requests", FROM_REGISTRY, PIN_EXACT },
	{ "pip", "requests==2.*", "requests", FROM_REGISTRY, PIN_RANGE },
	{ "pip", "typing_extensions", "typing-extensions", FROM_REGISTRY, PIN_NONE },
	{ "pip", "x @ git+https://h/r", "", FROM_GIT, PIN_NONE },
	{ "pip", ".", "", FROM_PATH, PIN_NONE },
	{ "cargo", "serde@1.0.1", "serde", FROM_REGISTRY, PIN_EXACT },
	{ "npm", "", "", FROM_REGISTRY, PIN_NONE },
};

static const struct {
	const char *manager, *spec, *like; /* NULL: none; "=": it is one of those used most */
} likes[] = {
	{ "npm", "express", "=" },
	{ "npm", "expres", "express" },
	{ "npm", "exrpess", "express" },
	{ "npm", "lodahs", "lodash" },
	{ "npm", "cross_env", "cross-env" },
	{ "npm", "crossenv", "cross-env" },
	{ "npm", "node-express", "express" },
	{ "npm", "expressjs", "express" },
	{ "npm", "@evil/express", "express" },
	{ "npm", "types-node", "@types/node" },
	{ "npm", "l0dash", "lodash" },
	{ "npm", "typescripts", "typescript" },
	{ "npm", "qq", NULL },
	{ "npm", "wholly-unheard-of-name", NULL },
	{ "pip", "requests", "=" },
	{ "pip", "Typing_Extensions", "=" },
	{ "pip", "reqeusts", "requests" },
	{ "pip", "python-requests", "requests" },
	{ "pip", "request", "requests" },
	{ "pip", "beautifulsuop4", "beautifulsoup4" },
	{ "cargo", "serde", "=" },
	{ "cargo", "serde-json", "serde_json" },
	{ "cargo", "serd_json", "serde_json" },
	{ "gem", "rails", NULL },
};
// clang-format on

static void test_specs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(specs); i++) {
		struct package_facts facts;
		package_say(specs[i].manager, "", specs[i].spec, (struct span){ 0 }, &facts);
		if (strcmp(facts.name, specs[i].name) != 0 || facts.source != specs[i].source ||
			facts.pin != specs[i].pin) {
			fail_msg(
				"%s: %s %d %d", specs[i].spec, facts.name, facts.source, facts.pin);
		}
	}
}

static void test_likes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(likes); i++) {
		struct package_facts facts;
		package_say(likes[i].manager, "", likes[i].spec, (struct span){ 0 }, &facts);
		const char *is = facts.popular ? "=" : facts.like;
		const char *want = likes[i].like;
		if ((is == NULL) != (want == NULL) || (is != NULL && strcmp(is, want) != 0)) {
			fail_msg("%s: is like %s, not %s", likes[i].spec, is ? is : "none",
				want ? want : "none");
		}
	}
}

static void test_manifest(void **state)
{
	struct package_facts facts;
	struct span manifest = SPAN("{\"dependencies\":{\"left-pad\":\"1\",\"left-pads\":\"2\"}}");
	(void)state;
	package_say("npm", "", "left-pad", manifest, &facts);
	assert_true(facts.known);
	package_say("npm", "", "left", manifest, &facts);
	assert_true(facts.manifest && !facts.known);
	package_say("pip", "", "Typing-Extensions", SPAN("typing_extensions==4"), &facts);
	assert_true(facts.known);
	package_say("pip", "", "typing", SPAN("typing_extensions==4"), &facts);
	assert_false(facts.known);
}

static void test_words(void **state)
{
	struct package_facts facts;
	char words[400];
	(void)state;
	package_say("pip", "", "reqeusts", SPAN("requests==2"), &facts);
	package_words(&facts, words, sizeof(words));
	assert_string_equal(words,
		"looks like \"requests\": one letter differs; no version; new to the manifest; "
		"may run code as it installs");
	package_say("npm", "global", "typescript@5.4.2", (struct span){ 0 }, &facts);
	package_words(&facts, words, sizeof(words));
	assert_string_equal(words,
		"a much used package; an exact version; for the whole system; may run code as it "
		"installs");
	package_say("npm", "", "\xd0\xb5xpress", (struct span){ 0 }, &facts);
	package_words(&facts, words, sizeof(words));
	assert_non_null(strstr(words, "its name has characters"));
	package_say("go", "", "example.com/x@v1.2.3", (struct span){ 0 }, &facts);
	package_words(&facts, words, sizeof(words));
	assert_string_equal(words, "an exact version");
	char small[12];
	package_say("npm", "", "expres", (struct span){ 0 }, &facts);
	package_words(&facts, small, sizeof(small));
	assert_string_equal(small, "looks like ");
}

static void test_long(void **state)
{
	char name[1000];
	struct package_facts facts;
	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	package_say("npm", "", name, span_of(name), &facts);
	assert_int_equal(strlen(facts.name), PACKAGE_NAME_MAX);
	assert_true(facts.strange);
	assert_null(facts.like);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_specs),
		cmocka_unit_test(test_likes),
		cmocka_unit_test(test_manifest),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
