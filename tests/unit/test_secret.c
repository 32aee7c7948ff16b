/*
 * What the scanner finds, and what it leaves alone. Tokens are random, of the right shape, and cut
 * in two here so that nobody's scanner takes this file for a leak.
 */
#include "config.h"

#include "core/policy/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char key[32] = "a key that the broker draws once";

struct row {
	const char *text;
	const char *rule; /* NULL: nothing is found */
};

#define GITHUB \
	"gh" \
	"p_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o"
#define A40 "R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6oKp5B"
#define HEX32 "9f3a1c7e5b2d8046a1e97c3d5f8b2604"
#define NO_QUOTES "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ8LmT2vNk"

// clang-format off
static const struct row found[] = {
	{ "export const key = 'AKIA" "Q3EGWRT7XN2LPK5M';\n", "aws-key" },
	{ "x=1\\nAKIA" "Q3EGWRT7XN2LPK5M\\n", "aws-key" }, /* behind an escape */
	{ "aws_secret_access_key = " NO_QUOTES, "aws-secret" },
	{ "AWS_SECRET_ACCESS_KEY: '" NO_QUOTES "'", "aws-secret" },
	{ "\"secretAccessKey\": \"" NO_QUOTES "\"", "aws-secret" },
	{ "-----BEGIN OPENSSH PRIVATE " "KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n",
		"private-key" },
	{ "-----BEGIN RSA PRIVATE " "KEY-----", "private-key" },
	{ "-----BEGIN PGP PRIVATE " "KEY BLOCK-----\n\nlQOYBF", "private-key" },
	{ "k = '-----BEGIN PRIVATE " "KEY-----' +\n 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA'",
		"private-key" },
	{ "use " GITHUB " for now", "github-token" },
	{ "github_" "pat_11ABCDEFG0abcdefghijkl_" A40 "R7kd92LmQx0ZbVt4HsYw1Pc", "github-token" },
	{ "gl" "pat-x7Kq2LwZx7VbNm4RtYs8", "gitlab-token" },
	{ "xox" "b-283746591012-3948576201934-QwErTyUiOpAsDfGhJkLzXcVb", "slack-token" },
	{ "https://hooks.slack.com/" "services/T02A7BC9D/B03XK1LMN/aB3dE5fG7hJ9kL1mN2pQ4rS6",
		"slack-webhook" },
	{ "tok: npm" "_9fKq2LwZx7VbNm4RtYs8HdGc1PjUe6AoTiXy", "npm-token" },
	{ "//registry.npmjs.org/:_authToken=" A40, "npm-token" },
	{ "SELECT 'sk" "_live_4eC39HqLyjWDarjtT1zdp7dcQm'", "stripe-key" },
	{ "sk" "-ant-api03-" A40 A40 "R7kd92LmQx0ZbAA", "anthropic-key" },
	{ "sk" "-proj-" A40 "T3BlbkFJ" A40, "openai-key" },
	{ "sk" "-R7kd92LmQx0ZbVt4HsYwT3BlbkFJ1PcJ8uNfAe3GiT6oKp5B", "openai-key" },
	{ "AI" "zaSyD9x7Kq2LwZx7VbNm4RtYs8HdGc1PjUe6A", "gcp-api" },
	{ "\"a8X7Q~" "R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3Gi\"", "azure-ad-secret" },
	{ "AccountKey=" A40 A40 "R7kd92==", "azure-storage" },
	{ "hf_" "RkdLmQxZbVtHsYwPcJuNfAeGiToKpBqwZx", "huggingface-token" },
	{ "pypi-AgE" "IcHlwaS5vcmcCJDc4" A40 A40, "pypi-token" },
	{ "dop_v1_" HEX32 HEX32, "digitalocean-token" },
	{ "SG" ".R7kd92LmQx0ZbVt4HsYw1P." A40 "R7k", "sendgrid-key" },
	{ "SK" HEX32, "twilio-key" },
	{ "shpat_" HEX32, "shopify-token" },
	{ "R7kd92LmQx0ZbV.atlasv1." A40 "R7kd92LmQx0ZbVt4HsYw1Pc", "terraform-token" },
	{ "hvs." A40 A40, "vault-token" },
	{ "dapi" HEX32, "databricks-token" },
	{ "lin_api_" A40, "linear-key" },
	{ "glsa_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3G_9f3a1c7e", "grafana-token" },
	{ "dckr_pat_R7kd92LmQx0ZbVt4HsYw1PcJ8uN", "docker-token" },
	{ "1234567890:AA" "R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3Gi", "telegram-token" },
	{ "eyJ" "hbGciOiJIUzI1NiJ9.eyJ1aWQiOjE3LCJyb2xlIjoiYWRtaW4ifQ.R7kd92LmQx0ZbVt4HsYw1Pc",
		"jwt" },
	{ "postgres://app:s3cr7tPw@db.internal/app", "url-password" },
	{ "git remote set-url origin https://u:" GITHUB "@github.com/a/b", "github-token" },
	{ "redis://:Kq2LwZx7@cache:6379/0", "url-password" },
	{ "curl -H 'Authorization: Bearer " A40 "' https://x.example", "auth-header" },
	{ "'Authorization': 'Basic dTpSN2tkOTJMbVF4MFo='", "auth-header" },
	{ "API_SECRET=" A40, "assigned-secret" },
	{ "dbPassword: \"" A40 "\",", "assigned-secret" },
	{ "gh%70_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o", "github-token" },
	{ "gh\\u0070_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o", "github-token" },
	{ "gh\\x70_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o", "github-token" },
	{ "gh\\u{70}_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o", "github-token" },
	{ "token: Z2hwX1I3a2Q5MkxtUXgwWmJWdDRIc1l3MVBjSjh1TmZBZTNHaVQ2bw==", "github-token" },
	{ "user-Z2hwX1I3a2Q5MkxtUXgwWmJWdDRIc1l3MVBjSjh1TmZBZTNHaVQ2bw", "github-token" },
};

static const struct row clean[] = {
	{ "", NULL },
	{ "export const H = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';\n", NULL },
	{ "Set `API_KEY=<your-api-key>` before you start.\n", NULL },
	{ "export const dbPassword = process.env.DB_PASSWORD ?? '';\n", NULL },
	{ "Fixed in 9fceb02d0ae598e95dc970b74767f19372d61af8.\n", NULL },
	{ "Set the secret with `gh secret set NPM_TOKEN`.\n", NULL },
	{ "AKIA" "IOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL },
	{ "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL },
	{ "AKIAXXXXXXXXXXXXXXXX", NULL },
	{ "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL },
	{ "ghp_0000000000000000000000000000000000aa", NULL },
	{ "xoxb-your-token-goes-here-please", NULL },
	{ "if (pem.startsWith('-----BEGIN PRIVATE " "KEY-----')) {", NULL },
	{ "key=\"-----BEGIN PRIVATE " "KEY-----\\nXXXX\\nXXXX\\n\"", NULL },
	{ "-----BEGIN CERTIFICATE-----\nMIIDXTCCAkWgAwIBAgIJAKL0UG+mRkmSMA0GCSqGSIb3DQEB\n", NULL },
	{ "postgres://app:${DB_PASSWORD}@db/app", NULL },
	{ "postgres://postgres:postgres@localhost:5432/app", NULL },
	{ "https://user:password@example.com/", NULL },
	{ "https://USER:<token>@example.com/", NULL },
	{ "http://localhost:3000/@vite/client", NULL },
	{ "https://example.com:8080/a@b", NULL },
	{ "git@github.com:acme/app.git", NULL },
	{ "Authorization: Bearer $TOKEN", NULL },
	{ "headers['Authorization'] = `Bearer ${accessToken}`;", NULL },
	{ "Authorization: Bearer <token>", NULL },
	{ "const token = await getAccessTokenFromRequest2(request);", NULL },
	{ "password: hashPassword(body.password1, SALT_ROUNDS_2),", NULL },
	{ "secretName: my-application-secret-2", NULL },
	{ "PASSWORD=changeme1", NULL },
	{ "API_KEY=your-api-key-1", NULL },
	{ "token: ${{ secrets.GITHUB_TOKEN }}", NULL },
	{ "api_key=\"\"", NULL },
	{ "tokenizer: src/parser/tokenizer2.ts", NULL },
	{ "grep -rn 'apiKey: string1' src | head -20", NULL },
	{ "task-11111111111111111111111111111111", NULL },
	{ "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
		NULL },
	{ "integrity sha512-R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6oKp5BR7kd92LmQx0ZbVt4HsYw1A==",
		NULL },
	{ "/usr/share/javascript/prototype/prototype/components", NULL },
};

/* Only where the text is short and goes out. */
static const struct row small[] = {
	{ "export SECRET_KEY_BASE=9f3a1c7e5b2d8046a1e9", "generic-assign" },
	{ "mysql --password=Kq2LwZx7 app", "generic-assign" },
	{ "login --token Kq2LwZx7VbNm4", "generic-option" },
	{ "DB_PASSWORD='k9#mQ2x!v' npm start", "generic-assign" },
	{ "X-Auth-Token2: 9f3a1c7e5b2d8046a1e9", "generic-assign" },
	{ "Private-Token: 9f3a1c7e5b2d8046a1e9", "generic-assign" },
	{ "curl -u admin:Kq2LwZx7 https://x.example", "curl-user" },
	{ "sshpass -p Kq2LwZx7 ssh host", "command-password" },
	{ "docker login -u me -pKq2LwZx7 r.example", "command-password" },
	{ "docker run -p 8080:80 web1", NULL },
	{ "mysql -u root -p app", NULL },
	{ "my password is Kq2LwZx7", "told-secret" },
	{ "the token is validated in step2", NULL },
	{ "export DB_PASSWORD=hunter2!x9", "generic-assign" },
};
// clang-format on

static struct secrets *make(void)
{
	struct err err;
	struct secrets *s = secrets_create(key, &err);
	if (!s) {
		fail_msg("%s", err.text);
	}
	return s;
}

static void check(struct secrets *s, const struct row *row, bool is_small, const char *expected)
{
	struct secret_finding out[4];
	size_t count;
	enum secret_result result = secrets_scan(
		s, span_of(row->text), is_small, out, COUNT_OF(out), &count);
	const char *got = result == SECRET_NONE ? NULL : count ? out[0].rule : "not scanned";
	if ((got != NULL) != (expected != NULL) || (got && strcmp(got, expected) != 0)) {
		fail_msg("%s: %s, expected %s", row->text, got ? got : "nothing",
			expected ? expected : "nothing");
	}
	if (result == SECRET_FOUND) {
		assert_in_range(out[0].at + out[0].len, 1, strlen(row->text));
	}
}

static void found_test(void **state)
{
	struct secrets *s = make();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(found); i++) {
		check(s, &found[i], false, found[i].rule);
	}
	secrets_destroy(s);
}

static void clean_test(void **state)
{
	struct secrets *s = make();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(clean); i++) {
		check(s, &clean[i], false, NULL);
		check(s, &clean[i], true, NULL);
	}
	secrets_destroy(s);
}

static void small_test(void **state)
{
	struct secrets *s = make();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(small); i++) {
		check(s, &small[i], true, small[i].rule);
	}
	check(s, &small[1], false, NULL);
	secrets_destroy(s);
}

/* Wherever it stands, and whatever the fast passes step over. */
static void places_test(void **state)
{
	static const char *const forms[] = { GITHUB,
		"Z2hwX1I3a2Q5MkxtUXgwWmJWdDRIc1l3MVBjSjh1TmZBZTNHaVQ2bw",
		"gh%70_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o" };
	struct secrets *s = make();
	char text[400];
	(void)state;
	for (size_t f = 0; f < COUNT_OF(forms); f++) {
		size_t len = strlen(forms[f]);
		for (size_t i = 0; i + len <= sizeof(text); i++) {
			struct secret_finding out[2];
			size_t count;
			memset(text, i & 1 ? ' ' : '\n', sizeof(text));
			memcpy(text + i, forms[f], len);
			assert_int_equal(secrets_scan(s, (struct span){ text, sizeof(text) }, false,
						 out, 2, &count),
				SECRET_FOUND);
			assert_int_equal(count, 1);
			assert_int_equal(out[0].at, i);
			assert_int_equal(out[0].len, len);
		}
	}
	secrets_destroy(s);
}

static void order_test(void **state)
{
	struct secrets *s = make();
	struct secret_finding out[8];
	size_t count;
	struct span text = SPAN("gh%70_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o " GITHUB "\n"
				"Z2hwX1I3a2Q5MkxtUXgwWmJWdDRIc1l3MVBjSjh1TmZBZTNHaVQ2bw");
	(void)state;
	assert_int_equal(secrets_scan(s, text, false, out, 8, &count), SECRET_FOUND);
	assert_int_equal(count, 3);
	assert_true(out[0].at < out[1].at && out[1].at < out[2].at);
	assert_memory_equal(text.at + out[1].at, GITHUB, strlen(GITHUB));
	assert_int_equal(secrets_scan(s, text, false, out, 1, &count), SECRET_FOUND);
	assert_int_equal(count, 1);
	assert_int_equal(out[0].at, 0);
	secrets_destroy(s);
}

static void limits_test(void **state)
{
	struct secrets *s = make();
	struct secret_finding out[8];
	size_t count, size = (1 << 20) + 1;
	char *text = malloc(size);
	(void)state;
	memset(text, 'x', size);
	struct span all = { text, size }, most = { text, size - 1 };
	assert_int_equal(secrets_scan(s, all, true, out, 8, &count), SECRET_NOT_SCANNED);
	assert_int_equal(secrets_scan(s, most, true, out, 8, &count), SECRET_NONE);
	memcpy(text + 5000, "\n" GITHUB "\n", strlen(GITHUB) + 2);
	assert_int_equal(secrets_scan(s, all, true, out, 8, &count), SECRET_FOUND);
	assert_int_equal(out[0].at, 5001);
	for (size_t i = 0; i + 8 <= size; i += 8) { /* made to be slow */
		memcpy(text + i, "token=a1", 8);
	}
	assert_int_not_equal(secrets_scan(s, most, true, out, 8, &count), SECRET_FOUND);
	secrets_destroy(s);
	free(text);
}

static bool known(struct secrets *s, const char *text, const char *name)
{
	struct secret_finding out[2];
	size_t count;
	enum secret_result result = secrets_scan(s, span_of(text), false, out, 2, &count);
	if (result == SECRET_FOUND) {
		assert_string_equal(out[0].rule, name);
	}
	return result == SECRET_FOUND;
}

static void dotenv_test(void **state)
{
	struct secrets *s = make();
	(void)state;
	secrets_know_dotenv(s,
		SPAN("# a comment\n"
		     "export DB_PASSWORD=correct7horse # behind it\n"
		     "A_TOKEN = 'with # inside 9'\n"
		     "B_KEY=\"two\nlines7\" \n"
		     "C_SECRET=`back9ticks`\r\n"
		     "UNFINISHED_KEY=\"open7ended\n"
		     "PORT=30000000\nNODE_ENV=development\nAPI_URL=https://api.acme.dev/v1\n"
		     "VITE_KEY=public7value\nSHORT_KEY=abc123\nAPI_KEY=your-api-key-9\n"
		     "MODE: fast\nDATA=q8Kz72mPw04LxVb9Tn31\n=nothing\nNAME "
		     "ONLY\nLAST_PWD=tail7value"));
	assert_true(known(s, "x correct7horse y", "DB_PASSWORD"));
	assert_true(known(s, "with # inside 9", "A_TOKEN"));
	assert_true(known(s, "two\nlines7", "B_KEY"));
	assert_true(known(s, "back9ticks", "C_SECRET"));
	assert_true(known(s, "\"open7ended", "UNFINISHED_KEY"));
	assert_true(known(s, "q8Kz72mPw04LxVb9Tn31", "DATA"));
	assert_true(known(s, "tail7value", "LAST_PWD"));
	assert_true(known(s, "echo Y29ycmVjdDdob3JzZSBpcyBpdA==", "DB_PASSWORD"));
	assert_true(known(s, "correct%37horse", "DB_PASSWORD"));
	assert_false(known(s, "correct7hors", NULL));
	assert_false(known(s, "development 30000000 https://api.acme.dev/v1", NULL));
	assert_false(known(s, "public7value abc123 your-api-key-9", NULL));
	secrets_forget(s);
	assert_false(known(s, "correct7horse", NULL));
	secrets_destroy(s);
}

static void known_limits_test(void **state)
{
	struct secrets *s = make();
	char name[32], value[32];
	(void)state;
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "K%d_KEY", i);
		snprintf(value, sizeof(value), "val%dvA9zQ", i * 7919 + 10000);
		secrets_know(s, name, span_of(value));
		secrets_know(s, name, span_of(value));
	}
	snprintf(value, sizeof(value), "val%dvA9zQ", 511 * 7919 + 10000);
	assert_true(known(s, value, "K511_KEY"));
	snprintf(value, sizeof(value), "val%dvA9zQ", 512 * 7919 + 10000);
	assert_false(known(s, value, NULL));
	secrets_forget(s);
	char longer[700];
	for (size_t i = 0; i < sizeof(longer); i++) {
		longer[i] = (char)('!' + i * 31 % 90);
	}
	longer[699] = '\0';
	secrets_know(s, "LONG_KEY", span_of(longer));
	longer[600] = '\0';
	(void)known(s, longer, "LONG_KEY");
	secrets_destroy(s);
	secrets_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_test),
		cmocka_unit_test(clean_test),
		cmocka_unit_test(small_test),
		cmocka_unit_test(places_test),
		cmocka_unit_test(order_test),
		cmocka_unit_test(limits_test),
		cmocka_unit_test(dotenv_test),
		cmocka_unit_test(known_limits_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
