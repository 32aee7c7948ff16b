/*
 * Owns the scan: one pass for the literals of all rules (secret_gate.c), a pattern only where one
 * stands, one level of decoding, and the known values.
 *
 * Bounded: the text by SCAN_MAX, all patterns together by WORK_MAX, each one by PCRE2's limits.
 * What a limit cuts off is "not scanned", which the caller holds. Linked by the broker alone.
 */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "core/policy/secret.h"
#include "core/policy/secret_decode.h"
#include "core/policy/secret_gate.h"
#include "core/policy/secret_known.h"
#include "core/policy/secret_rules.h"
#include "core/policy/secret_value.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum {
	SCAN_MAX = 1 << 20,
	FOUND_MAX = 128,
	REACH = 4096, /* so far behind its literal a pattern may look */
	WORK_MAX = 1 << 19, /* patterns tried in one scan */
	MATCH_LIMIT = 20000,
	DEPTH_LIMIT = 1000,
	HEAP_LIMIT = 1024, /* KiB */
};

struct secrets {
	pcre2_code *code[SECRET_RULES_MAX];
	size_t rule_count;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	struct secret_gate gate;
	struct secret_known known;
};

struct scan {
	struct secrets *secrets;
	struct span text; /* the one looked at now: as given, or decoded */
	bool small;
	/* Where findings of a decoded text point to. */
	bool decoded;
	size_t from, len;
	bool escapes; /* by place, not the whole run */
	struct span encoded;
	struct secret_finding found[FOUND_MAX];
	unsigned rank[FOUND_MAX]; /* of its rule: those in front say more */
	size_t count, work;
	size_t done[SECRET_RULES_MAX]; /* up to where a rule has found something */
	bool limited;
};

static void add_literals(struct secrets *s, const struct secret_rule *rule, unsigned index)
{
	for (const char *at = rule->literals; *at;) {
		size_t len = strcspn(at, " ");
		gate_add(&s->gate, (struct span){ at, len }, rule->flags & RULE_ANY_CASE, index);
		at += len + (at[len] == ' ');
	}
}

static pcre2_code *compile(const struct secret_rule *rule, struct err *err)
{
	int code;
	PCRE2_SIZE at;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)rule->pattern, PCRE2_ZERO_TERMINATED,
		PCRE2_ANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &code,
		&at, NULL);
	if (!re) {
		fail(err, 0, "secret rule %s: error %d at %zu of its pattern", rule->id, code, at);
		return NULL;
	}
	(void)pcre2_jit_compile(re, PCRE2_JIT_COMPLETE); /* where it cannot, it is interpreted */
	return re;
}

struct secrets *secrets_create(const unsigned char key[32], struct err *err)
{
	struct secrets *s = xcalloc(1, sizeof(*s));
	known_init(&s->known, key);
	s->match = pcre2_match_data_create(8, NULL);
	s->limits = pcre2_match_context_create(NULL);
	if (!s->match || !s->limits) {
		fail(err, 0, "no memory for the secret rules");
		goto bad;
	}
	pcre2_set_match_limit(s->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(s->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(s->limits, HEAP_LIMIT);
	for (const struct secret_rule *rule = secret_rules; rule->id; rule++) {
		assert(s->rule_count < SECRET_RULES_MAX);
		s->code[s->rule_count] = compile(rule, err);
		if (!s->code[s->rule_count]) {
			goto bad;
		}
		add_literals(s, rule, (unsigned)s->rule_count++);
	}
	return s;
bad:
	secrets_destroy(s);
	return NULL;
}

void secrets_destroy(struct secrets *secrets)
{
	if (!secrets) {
		return;
	}
	for (size_t i = 0; i < secrets->rule_count; i++) {
		pcre2_code_free(secrets->code[i]);
	}
	pcre2_match_data_free(secrets->match);
	pcre2_match_context_free(secrets->limits);
	known_forget(&secrets->known);
	free(secrets);
}

/* What a variable's look makes a secret where its name does not. */
static bool looks_secret(struct span value)
{
	unsigned mixed = HAS_DIGIT | HAS_LOWER;
	return value.len >= 16 && (secret_letters(value) & mixed) == mixed &&
		secret_entropy(value) >= 350 && !memmem(value.at, value.len, "://", 3) &&
		!memchr(value.at, ' ', value.len) && !secret_only_words(value);
}

void secrets_know(struct secrets *secrets, const char *name, struct span value)
{
	bool named = secret_name(span_of(name));
	if (value.len >= KNOWN_SHORTEST &&
		(named ? !secret_no_value(value) : looks_secret(value))) {
		known_add(&secrets->known, name, value);
	}
}

void secrets_forget(struct secrets *secrets)
{
	known_forget(&secrets->known);
}

static void know_entry(void *data, struct span name, struct span value)
{
	char *text = span_dup(name);
	secrets_know(data, text, value);
	free(text);
}

void secrets_know_dotenv(struct secrets *secrets, struct span text)
{
	dotenv_read(text, know_entry, secrets);
}

void secrets_know_environment(struct secrets *secrets, struct span text)
{
	while (text.len) {
		const char *nul = memchr(text.at, '\0', text.len);
		size_t len = nul ? (size_t)(nul - text.at) : text.len;
		const char *is = memchr(text.at, '=', len);
		struct span name = { text.at, is ? (size_t)(is - text.at) : 0 };
		if (is && secret_name(name)) {
			know_entry(secrets, name, (struct span){ is + 1, len - name.len - 1 });
		}
		len += nul != NULL;
		text = (struct span){ text.at + len, text.len - len };
	}
}

static bool overlaps(const struct secret_finding *f, size_t at, size_t len)
{
	return at < f->at + f->len && f->at < at + len;
}

/* One place is found once, by the rule that says most. */
static void add_finding(struct scan *scan, const char *rule, unsigned rank, size_t at, size_t len)
{
	if (scan->decoded && scan->escapes) {
		size_t end = decode_escapes_length(scan->encoded, at + len);
		at = decode_escapes_length(scan->encoded, at);
		len = end - at;
		at += scan->from;
	} else if (scan->decoded) {
		at = scan->from;
		len = scan->len;
	}
	for (size_t i = 0; i < scan->count; i++) {
		if (!overlaps(&scan->found[i], at, len)) {
			continue;
		}
		if (rank < scan->rank[i]) {
			scan->found[i].rule = rule;
			scan->rank[i] = rank;
		}
		return;
	}
	if (scan->count < FOUND_MAX) {
		scan->rank[scan->count] = rank;
		scan->found[scan->count++] = (struct secret_finding){ rule, at, len };
	}
}

static bool is_real(const struct secret_rule *rule, struct span value)
{
	unsigned has = secret_letters(value);
	if (secret_entropy(value) < rule->entropy) {
		return false;
	}
	if (rule->flags & RULE_MIXED && !(has & HAS_DIGIT && has & (HAS_LOWER | HAS_UPPER))) {
		return false;
	}
	if (rule->flags & RULE_MANY && (has & 7) != 7) {
		return false;
	}
	return !(rule->flags & RULE_WORDS ? secret_only_words(value) : secret_placeholder(value));
}

static bool try_rule(void *data, unsigned index, size_t at)
{
	struct scan *scan = data;
	struct secrets *s = scan->secrets;
	const struct secret_rule *rule = &secret_rules[index];
	if ((rule->flags & RULE_SMALL && !scan->small) || at < rule->before ||
		at < scan->done[index]) {
		return true;
	}
	if (++scan->work > WORK_MAX) {
		scan->limited = true;
		return false;
	}
	size_t end = scan->text.len - at > REACH ? at + REACH : scan->text.len;
	int groups = pcre2_match(s->code[index], (PCRE2_SPTR)scan->text.at, end, at - rule->before,
		0, s->match, s->limits);
	if (groups < 0) {
		scan->limited |= groups != PCRE2_ERROR_NOMATCH;
		return true;
	}
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(s->match);
	size_t group = (size_t)(groups > 1 ? groups - 1 : 0);
	struct span value = { scan->text.at + ends[2 * group],
		ends[2 * group + 1] - ends[2 * group] };
	if (value.len && (!group || is_real(rule, value))) {
		scan->done[index] = ends[1];
		add_finding(scan, rule->id, index + 1, ends[2 * group], value.len);
	}
	return scan->count < FOUND_MAX;
}

static void known_found(void *data, const char *name, size_t at, size_t len)
{
	add_finding(data, name, 0, at, len);
}

static void look(struct scan *scan, struct span text)
{
	scan->text = text;
	memset(scan->done, 0, sizeof(scan->done));
	gate_scan(&scan->secrets->gate, text, try_rule, scan);
	scan->limited |= !known_scan(&scan->secrets->known, text, known_found, scan);
}

static void look_encoded(
	struct scan *scan, struct span text, bool next(struct decode_walk *walk), bool escapes)
{
	struct decode_walk walk = { .text = text };
	scan->decoded = true;
	scan->escapes = escapes;
	while (next(&walk)) {
		scan->from = walk.from;
		scan->len = walk.len;
		scan->encoded = (struct span){ text.at + walk.from, walk.len };
		look(scan, buf_view(&walk.out));
	}
	buf_finish(&walk.out);
}

static int by_place(const void *a, const void *b)
{
	const struct secret_finding *left = a, *right = b;
	return left->at < right->at ? -1 : left->at > right->at;
}

enum secret_result secrets_scan(struct secrets *secrets, struct span text, bool small,
	struct secret_finding *out, size_t max, size_t *count)
{
	struct scan scan = { .secrets = secrets, .small = small };
	scan.limited = text.len > SCAN_MAX;
	text.len = scan.limited ? SCAN_MAX : text.len;
	*count = 0;
	if (text.len) {
		look(&scan, text);
		look_encoded(&scan, text, decode_base64_next, false);
		look_encoded(&scan, text, decode_escapes_next, true);
	}
	qsort(scan.found, scan.count, sizeof(scan.found[0]), by_place);
	*count = scan.count < max ? scan.count : max;
	memcpy(out, scan.found, *count * sizeof(*out));
	return scan.count ? SECRET_FOUND : scan.limited ? SECRET_NOT_SCANNED : SECRET_NONE;
}
