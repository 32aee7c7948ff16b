/*
 * Owns the normal form of commands: which words of an argv stay as they are, and which programs are
 * never granted. Pure; called by grant_form.c and writer.c.
 */
#include "config.h"

#include "core/policy/grant_impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* They run what their arguments or their input say. */
static const char *const never[] = { "sh", "bash", "dash", "zsh", "ksh", "mksh", "fish", "csh",
	"tcsh", "ash", "rbash", "pwsh", "powershell", "cmd", "python", "pypy", "perl", "ruby",
	"irb", "node", "nodejs", "deno", "bun", "tsx", "ts-node", "php", "lua", "luajit", "tclsh",
	"expect", "osascript", "awk", "gawk", "mawk", "nawk", "sed", "ed", "ex", "vi", "vim",
	"nvim", "emacs", "env", "sudo", "doas", "su", "runuser", "pkexec", "xargs", "parallel",
	"nice", "ionice", "nohup", "timeout", "stdbuf", "setsid", "setpriv", "watch", "flock",
	"chroot", "unshare", "nsenter", "bwrap", "firejail", "systemd-run", "script", "strace",
	"ltrace", "gdb", "lldb", "valgrind", "busybox", "toybox", "command", "builtin", "eval",
	"exec", "source", ".", "time", "trap", "alias", "export", "declare", "typeset", "set",
	"npx", "pnpx", "bunx", "uvx", "pipx", "ssh", "scp", "sftp", "rsync", "nix-shell", "nix",
	"direnv", "screen", "tmux", "at", "batch", "crontab", "make", "find", "fd", "hub", "java",
	"scala", "kotlin", "groovy", "jshell", "R", "Rscript", "julia", "ghc", "runghc", "erl",
	"elixir", "iex", "sbcl", "guile", "m4", "tar", "zip", "unzip", "rm", "dd", "mkfs", "nc",
	"ncat", "socat", "telnet", "eval.exe", "jq" };

/* The same, of a program that does other things too. */
static const char *const never_words[] = { "go run", "go generate", "go tool", "go env", "go get",
	"go install", "cargo run", "cargo install", "npm exec", "pnpm exec", "pnpm dlx", "yarn dlx",
	"yarn exec", "bun x", "uv run", "uv tool", "poetry run", "pipenv run", "mise exec",
	"mise x", "docker run", "docker exec", "docker build", "docker compose run",
	"docker compose exec", "docker compose up", "podman run", "podman exec", "kubectl exec",
	"kubectl run", "bundle exec", "dotnet script", "dotnet fsi", "gh api", "gh extension",
	"gh alias", "gh codespace", "gh secret", "gh auth", "gh config", "direnv exec", "conda run",
	"hatch run", "composer exec", "vagrant ssh", "systemctl --user" };

/* Shown alone, whatever the operands and options: no file is written, nothing is run. */
static const char *const shows[] = { "gh pr view", "gh pr list", "gh pr diff", "gh pr checks",
	"gh pr status", "gh issue view", "gh issue list", "gh issue status", "gh run view",
	"gh run list", "gh release view", "gh release list", "gh repo view", "gh repo list",
	"gh workflow view", "gh workflow list", "gh label list", "gh cache list", "docker ps",
	"docker images", "docker logs", "docker inspect", "docker top", "docker port",
	"docker version", "docker info", "docker stats", "docker compose ps", "docker compose logs",
	"docker compose images", "docker compose top", "podman ps", "podman images", "podman logs",
	"podman inspect", "brew list", "brew info", "brew deps", "systemctl status",
	"systemctl list-units", "systemctl is-active", "npm ls", "npm list", "npm view",
	"npm outdated", "npm explain", "pnpm ls", "pnpm list", "pnpm outdated", "pnpm why",
	"yarn list", "yarn why", "yarn info", "pip list", "pip show", "pip freeze", "mise ls",
	"mise current", "glab mr view", "glab mr list", "glab issue view", "glab issue list" };

/* Tools of the project that npx finds in it: which files they are given is nobody's worry. */
static const char *const project_tools[] = { "npx tsc", "npx eslint", "npx prettier", "npx vitest",
	"npx jest", "npx mocha", "npx playwright test", "npx cypress run", "npx biome",
	"npx stylelint", "npx svelte-check", "npx vue-tsc", "npx oxlint", "npx knip" };

/* python3.11 is python: a version behind the name does not make another program. */
static bool program_never(const char *program)
{
	const char *name = path_name(program);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		size_t len = strlen(never[i]);
		if (strncasecmp(name, never[i], len) == 0 &&
			strspn(name + len, "0123456789.-") == strlen(name + len)) {
			return true;
		}
	}
	for (const char *at = name; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr("._+-", *at)) {
			return true; /* nobody knows what it is once it is expanded */
		}
	}
	return !name[0];
}

bool grant_next_word(struct span *rest, struct span *raw, struct buf *text)
{
	const char *at = rest->at, *end = at + rest->len;
	buf_clear(text);
	while (at < end && *at == ' ') {
		at++;
	}
	const char *from = at;
	while (at < end && *at != ' ') {
		if (*at == '\'') {
			const char *close = memchr(at + 1, '\'', (size_t)(end - at - 1));
			if (!close) {
				return false;
			}
			buf_add(text, at + 1, (size_t)(close - at - 1));
			at = close + 1;
		} else if (*at == '\\' || *at == '"' || *at == '$' || *at == '`') {
			if (*at != '\\' || at + 1 == end) {
				return false;
			}
			buf_char(text, at[1]);
			at += 2;
		} else {
			buf_char(text, *at++);
		}
	}
	*raw = (struct span){ from, (size_t)(at - from) };
	*rest = (struct span){ at, (size_t)(end - at) };
	return at > from;
}

static bool is_line(struct span raw)
{
	for (size_t i = 0; i < raw.len; i++) {
		if ((unsigned char)raw.at[i] < ' ' || raw.at[i] == 0x7f) {
			return false;
		}
	}
	return true;
}

/* Another effect of the same command has proven that this word is a path in the scope. */
static bool is_inside(const struct policy_call *call, const struct effect *of, struct span word)
{
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		struct effect_judgement j;
		if (e->part != of->part || strcmp(e->arg, of->arg) != 0 ||
			!effect_has_path(e->kind) || !span_is(word, e->given) || !e->fact.inside ||
			!e->fact.path || e->late) {
			continue;
		}
		policy_judge_effect(call, e, &j);
		if (j.verdict == VERDICT_ALLOW) {
			return true;
		}
	}
	return false;
}

/* Which number it is says what is changed. */
static bool numbers_matter(const struct policy_call *call, const struct effect *of)
{
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		bool changes = (e->kind == EFFECT_REMOTE && strcmp(e->how, "read") != 0) ||
			(e->kind == EFFECT_CLOUD && strcmp(e->word, "read") != 0);
		if (e->part == of->part && (changes || e->kind == EFFECT_PROCESS)) {
			return true;
		}
	}
	return false;
}

/* The words of the list that an argv begins with; NULL: none. */
static const char *begins_with(const char *given, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(list[i]);
		if (!strncmp(given, list[i], len) && (!given[len] || given[len] == ' ')) {
			return list[i];
		}
	}
	return NULL;
}

/* Options whose value is run or read as code. A help beside the lists of programs, not a proof. */
static bool option_runs(struct span word)
{
	static const char *const parts[] = { "exec", "pre", "command", "cmd", "program", "prog",
		"filter", "pager", "plugin", "hook", "script", "editor", "browser", "shell",
		"rulesdir", "config", "rcfile", "eval", "init", "load", "import", "-pack",
		"hostname-bin", "rsh", "checkpoint", "files0-from", "prefix", "wrapper", "runner" };
	for (size_t i = 0; word.len && word.at[0] == '-' && i < COUNT_OF(parts); i++) {
		if (memmem(word.at, word.len, parts[i], strlen(parts[i]))) {
			return true;
		}
	}
	return span_is(word, "--require") || span_starts(word, "--require=");
}

/* Options that name another place to write to. */
static bool option_writes(struct span word)
{
	return word.len && word.at[0] == '-' &&
		(memmem(word.at, word.len, "out", 3) || memmem(word.at, word.len, "file", 4) ||
			memmem(word.at, word.len, "dir", 3) || span_starts(word, "-o"));
}

static bool any_word(const char *given, bool test(struct span word))
{
	struct span rest = span_of(given), raw;
	struct buf text = { 0 };
	bool found = false;
	while (!found && rest.len) {
		found = !grant_next_word(&rest, &raw, &text) || test(buf_view(&text));
	}
	buf_finish(&text);
	return found;
}

/* What of `git fetch` and `git ls-remote` is more than a name. */
static bool is_no_git_name(struct span word)
{
	static const char *const options[] = { "--all", "--prune", "-p", "--tags", "-t", "--heads",
		"--quiet", "-q", "--verbose", "-v", "--dry-run", "--no-tags" };
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		if (span_is(word, options[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < word.len; i++) {
		if (!isalnum((unsigned char)word.at[i]) && !strchr("._/-", word.at[i])) {
			return true;
		}
	}
	return !word.len || strchr("-/.", word.at[0]);
}

static bool git_never(const char *given)
{
	static const char *const reads[] = { "git fetch", "git ls-remote" };
	return !begins_with(given, reads, COUNT_OF(reads)) || any_word(given, is_no_git_name);
}

/* Of curl and wget: something else than this machine may be reached. */
static bool reaches_out(const struct policy_call *call, const struct effect *of)
{
	bool local = false;
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *e = &call->effects->list[i];
		bool here = e->part == of->part && !strcmp(e->arg, of->arg);
		if (here && e->kind == EFFECT_NET && strcmp(e->how, "local") != 0) {
			return true;
		}
		local |= here && e->kind == EFFECT_NET;
	}
	return !local;
}

/* A program of the project, named by its place in it. */
static bool runs_own_package(const char *given)
{
	static const char start[] = "go run ./";
	return strncmp(given, start, sizeof(start) - 1) == 0;
}

bool grant_argv_never(const struct policy_call *call, const struct effect *effect)
{
	bool fetches = !strcmp(effect->word, "curl") || !strcmp(effect->word, "wget");
	bool tool = begins_with(effect->given, project_tools, COUNT_OF(project_tools));
	bool own = runs_own_package(effect->given);
	return (!tool && program_never(effect->word)) ||
		(!own && begins_with(effect->given, never_words, COUNT_OF(never_words))) ||
		any_word(effect->given, option_runs) ||
		(!strcmp(effect->word, "git") && git_never(effect->given)) ||
		(fetches && reaches_out(call, effect));
}

const char *grant_shows(const char *given)
{
	return begins_with(given, shows, COUNT_OF(shows));
}

/* "gh pr view" and then anything: the words of the table alone. */
static bool wide_words(const char *given, struct buf *out)
{
	const char *begin = grant_shows(given);
	if (begin) {
		buf_text(out, begin);
		buf_text(out, " ...");
	}
	return begin;
}

/* Options of curl that only say how a page is fetched and shown; with a value or without. */
static bool shows_page(struct span word, bool *value)
{
	static const char *const flags[] = { "-s", "-S", "-f", "-i", "-I", "-v", "-sS", "-sf",
		"-fs", "-si", "-sv", "-sI", "-fsS", "-sSf", "--silent", "--fail", "--include",
		"--head", "--verbose", "--show-error" };
	static const char *const values[] = { "-m", "--max-time", "--connect-timeout" };
	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		if (span_is(word, flags[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		*value = *value || span_is(word, values[i]);
	}
	return *value;
}

/* `curl -s http://localhost:3000/x`: pages of one server on this machine, whichever they are. */
static bool local_pages(const struct effect *effect, struct buf *out)
{
	struct span rest = span_of(effect->given), raw, origin = { 0 };
	struct buf text = { 0 }, first = { 0 };
	bool ok = !strcmp(effect->word, "curl"), value = false;
	for (size_t i = 0; ok && rest.len; i++) {
		ok = grant_next_word(&rest, &raw, &text);
		struct span word = buf_view(&text);
		if (!ok || !i) {
			continue;
		}
		if (value) {
			ok = span_digits(word);
			value = false;
		} else if (span_starts(word, "http://") && !first.len) {
			buf_span(&first, word);
			const char *slash = memchr(first.data + 7, '/', first.len - 7);
			origin = (struct span){ first.data,
				slash ? (size_t)(slash - first.data) : first.len };
		} else {
			ok = shows_page(word, &value);
		}
	}
	ok = ok && origin.len && !value;
	if (ok) {
		buf_text(out, "curl ");
		buf_span(out, origin);
		buf_text(out, "/...");
	}
	buf_finish(&text);
	buf_finish(&first);
	return ok;
}

bool grant_words(const struct policy_call *call, const struct effect *effect,
	enum grant_width width, struct buf *out)
{
	const char *tool = begins_with(effect->given, project_tools, COUNT_OF(project_tools));
	struct span rest = span_of(effect->given), raw;
	struct buf text = { 0 };
	bool ok = is_line(rest), numbers = !numbers_matter(call, effect);
	if (ok && width == GRANT_WIDE) {
		return wide_words(effect->given, out);
	}
	if (ok && tool && !any_word(effect->given, option_writes)) {
		buf_printf(out, "%s ...", tool);
		return true;
	}
	if (ok && local_pages(effect, out)) {
		return true;
	}
	for (size_t i = 0; ok && rest.len; i++) {
		ok = grant_next_word(&rest, &raw, &text);
		buf_text(out, i ? " " : "");
		if (ok && i && numbers && span_digits(buf_view(&text))) {
			buf_text(out, "<N>");
		} else if (ok && i && text.len && is_inside(call, effect, buf_view(&text))) {
			buf_text(out, "<in-scope>");
		} else if (ok) {
			buf_span(out, raw);
		}
	}
	buf_finish(&text);
	return ok;
}
