/*
 * What opening an address would do.
 *
 * Promises: "local" only for an address that every reader takes to this machine. Forms that URL
 * parsers read differently (userinfo, backslashes, odd numbers, control characters, other
 * alphabets) are odd. Looks nothing up. Called by the extraction and the reader of commands.
 */
#include "config.h"

#include "core/effects/url.h"

#include <stdlib.h>
#include <string.h>

enum { URL_MAX = 8192, PORT_MAX = 65535 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool odd(struct url *url, const char *why)
{
	url->odd = why;
	return false;
}

/* ---- scheme ---- */

static bool read_scheme(struct url *url, struct span *rest)
{
	size_t n = 0;
	while (n < rest->len && n < sizeof(url->scheme) - 1 && rest->at[n] != ':') {
		url->scheme[n] = lower(rest->at[n]);
		n++;
	}
	url->scheme[n] = '\0';
	if (strcmp(url->scheme, "http") != 0 && strcmp(url->scheme, "https") != 0) {
		return odd(url, "neither http nor https");
	}
	if (rest->len < n + 3 || memcmp(rest->at + n, "://", 3) != 0) {
		return odd(url, "an address without its host");
	}
	rest->at += n + 3;
	rest->len -= n + 3;
	return true;
}

/* ---- host ---- */

/* Four decimal numbers without leading zeros: the one form that all readers agree on. */
static bool is_plain_ipv4(const char *host, unsigned parts[4])
{
	for (int i = 0; i < 4; i++) {
		size_t n = 0;
		parts[i] = 0;
		while (is_digit(host[n]) && n < 4) {
			parts[i] = parts[i] * 10 + (unsigned)(host[n++] - '0');
		}
		if (!n || parts[i] > 255 || (n > 1 && host[0] == '0')) {
			return false;
		}
		host += n;
		if (*host++ != (i < 3 ? '.' : '\0')) {
			return false;
		}
	}
	return true;
}

/* Would a lenient reader take it for a number? Its last label decides (WHATWG URL, "ends in a
 * number"). */
static bool looks_like_number(const char *host)
{
	size_t n = strlen(host);
	while (n && host[n - 1] == '.') {
		n--;
	}
	size_t start = n;
	while (start && host[start - 1] != '.') {
		start--;
	}
	bool hex = n - start >= 2 && host[start] == '0' && host[start + 1] == 'x';
	bool number = n > start;
	for (size_t i = start + (hex ? 2 : 0); i < n && number; i++) {
		number = hex ? is_hex(host[i]) : is_digit(host[i]);
	}
	return number;
}

static bool check_ipv4(struct url *url, const unsigned parts[4])
{
	url->local = parts[0] == 127;
	if (parts[0] == 0) {
		return odd(url, "an address that stands for every address");
	}
	if (parts[0] == 169 && parts[1] == 254) {
		return odd(url, "a link-local address, as clouds keep their metadata at");
	}
	if (parts[0] >= 224 || (parts[0] == 100 && parts[1] == 100 && parts[2] == 100)) {
		return odd(url, "an address that is no single host's");
	}
	return true;
}

/* Names are compared as they stand: no other alphabet, no encoded bytes. */
static bool check_name(struct url *url)
{
	static const char *const metadata[] = { "metadata", "metadata.google.internal",
		"instance-data", "metadata.azure.com" };
	const char *host = url->host;
	size_t label = 0;
	for (const char *c = host;; c++) {
		if (*c && *c != '.') {
			bool plain = (*c >= 'a' && *c <= 'z') || is_digit(*c) || *c == '-' ||
				*c == '_';
			if (!plain) {
				return odd(url, "a host that is no plain name");
			}
			label++;
			continue;
		}
		if (!label || label > 63) {
			return odd(url, "a host with an empty or endless part");
		}
		label = 0;
		if (!*c) {
			break;
		}
	}
	if (strncmp(host, "xn--", 4) == 0 || strstr(host, ".xn--")) {
		return odd(url, "a host in another alphabet");
	}
	for (size_t i = 0; i < COUNT_OF(metadata); i++) {
		if (strcmp(host, metadata[i]) == 0) {
			return odd(url, "a cloud's metadata");
		}
	}
	url->local = strcmp(host, "localhost") == 0;
	return true;
}

static bool check_host(struct url *url)
{
	unsigned parts[4];
	if (is_plain_ipv4(url->host, parts)) {
		return check_ipv4(url, parts);
	}
	if (looks_like_number(url->host)) {
		return odd(url, "a number that stands for an address");
	}
	return check_name(url);
}

/* [::1], or another address that is then remote; those that hold an IPv4 address are odd. */
static bool read_ipv6(struct url *url, struct span *rest)
{
	size_t n = 0;
	rest->at++;
	rest->len--;
	while (n < rest->len && n < 46 && rest->at[n] != ']') {
		char c = lower(rest->at[n]);
		if (!is_hex(c) && c != ':') {
			return odd(url, "an odd address in brackets");
		}
		url->host[n++] = c;
	}
	url->host[n] = '\0';
	if (n < 2 || n == rest->len || rest->at[n] != ']' || !strchr(url->host, ':')) {
		return odd(url, "an odd address in brackets");
	}
	rest->at += n + 1;
	rest->len -= n + 1;
	url->local = strcmp(url->host, "::1") == 0;
	bool global = url->host[0] == '2' || url->host[0] == '3';
	return url->local || global || odd(url, "an address that is not of the internet");
}

static bool read_name(struct url *url, struct span *rest)
{
	size_t n = 0;
	while (n < rest->len && !strchr(":/?#", rest->at[n])) {
		if (n == sizeof(url->host) - 1) {
			return odd(url, "a host that is very long");
		}
		url->host[n] = lower(rest->at[n]);
		n++;
	}
	url->host[n] = '\0';
	rest->at += n;
	rest->len -= n;
	return n ? check_host(url) : odd(url, "an address without its host");
}

static bool read_port(struct url *url, struct span *rest)
{
	if (!rest->len || rest->at[0] != ':') {
		return true;
	}
	size_t n = 1;
	while (n < rest->len && n < 6 && is_digit(rest->at[n])) {
		url->port = url->port * 10 + (unsigned)(rest->at[n] - '0');
		n++;
	}
	rest->at += n;
	rest->len -= n;
	return (n > 1 && url->port && url->port <= PORT_MAX) || odd(url, "an odd port");
}

/* ---- the whole ---- */

static bool check_bytes(struct url *url, struct span text)
{
	if (!text.len || text.len > URL_MAX) {
		return odd(url, "empty or very long");
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool no_break = c == 0xc2 && i + 1 < text.len && text.at[i + 1] == '\xa0';
		if (c <= 0x20 || c == 0x7f || c == '\\' || no_break) {
			return odd(url, "spaces, backslashes or control characters");
		}
	}
	return true;
}

/* An "@" before the path belongs to userinfo. */
static bool check_userinfo(struct url *url, struct span rest)
{
	for (size_t i = 0; i < rest.len && !strchr("/?#", rest.at[i]); i++) {
		if (rest.at[i] == '@') {
			return odd(url, "a user's name before the host");
		}
	}
	return true;
}

bool url_parse(struct url *url, struct span text)
{
	struct span rest = text;
	*url = (struct url){ 0 };
	bool ok = check_bytes(url, text) && read_scheme(url, &rest) && check_userinfo(url, rest);
	ok = ok && (rest.len && rest.at[0] == '[' ? read_ipv6(url, &rest) : read_name(url, &rest));
	ok = ok && read_port(url, &rest);
	if (ok && rest.len && !strchr("/?#", rest.at[0])) {
		ok = odd(url, "something else behind the host");
	}
	url->local = url->local && ok;
	return ok;
}

bool host_matches(const char *pattern, const char *host)
{
	if (strncmp(pattern, "*.", 2) != 0) {
		return strcmp(pattern, host) == 0;
	}
	size_t n = strlen(pattern + 1), all = strlen(host);
	return n > 1 && all > n && strcmp(host + all - n, pattern + 1) == 0;
}

void url_effect(struct effects *out, const char *arg, struct span text)
{
	struct url url;
	bool ok = url_parse(&url, text);
	char *given = span_dup(text);
	effects_add(out, EFFECT_NET, arg, given,
		!ok                 ? "odd"
			: url.local ? "local"
				    : "remote",
		url.host);
	free(given);
}
