/*
 * What an installing command installs, and where it comes from. Every install is held, but a rule
 * of the user may allow the plain one from a manager's registry, or what a lockfile says: so a word
 * that is not known to leave that as it is makes the install "odd", which no rule can allow.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/verb.h"

/* The package comes from elsewhere than the manager's registry. */
static bool is_source(const char *spec)
{
	static const char *const ends[] = { ".tgz", ".tar.gz", ".whl", ".gem", ".deb", ".rpm",
		".zip", ".vsix", ".crate", ".apk", ".pkg" };
	static const char *const parts[] = { "://", "git+",
		"github:", "gitlab:", "bitbucket:", "gist:", "file:", "link:", "portal:", "git@",
		"@npm:", "npm:" };
	if (strchr("./~", spec[0]) != NULL) {
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (span_ends(span_of(spec), ends[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (strstr(spec, parts[i]) != NULL) {
			return true;
		}
	}
	/* npm's short form of a GitHub repository */
	return spec[0] != '@' && strchr(spec, '/') != NULL && strchr(spec, '#') != NULL;
}

static const char *install_word(const struct verb_row *row)
{
	switch (row->act) {
	case VERB_LOCKFILE:
		return "lockfile";
	case VERB_FETCH:
		return "fetch-run";
	case VERB_REMOVE:
		return "remove";
	case VERB_GLOBAL:
		return "global";
	default:
		return "";
	}
}

/* Options that change nothing about what is installed, from where, to where and by whom. */
static bool is_plain(const char *option)
{
	static const char plain[] =
		"--no-audit --no-fund --no-progress --silent --quiet -q --verbose -v "
		"--prefer-offline --offline --no-save --save --save-dev --save-exact --save-prod "
		"--save-optional -D -S -E -P -O --dev --production --prod --omit=dev "
		"--omit=optional "
		"--include=dev --ignore-scripts --no-scripts --non-interactive --no-interaction "
		"--no-input --no-cache-dir --disable-pip-version-check --no-root --no-dev "
		"--frozen-lockfile --immutable --frozen --locked --locked-mode --require-hashes "
		"--deployment --sync";
	return verb_listed(plain, option);
}

/* What the options of an installing command say about where it installs and from what. */
static const char *option_word(const char *option, const char *word)
{
	static const char frozen[] =
		"--frozen-lockfile --immutable --frozen --locked --locked-mode --require-hashes "
		"--deployment --sync";
	static const char elsewhere[] =
		"--git --path --registry --index --index-url -i --extra-index-url --find-links -e "
		"--editable --source --repository --trusted-host --default-index";
	char name[48];
	size_t len = strcspn(option, "=");
	snprintf(name, sizeof(name), "%.*s", (int)(len < 47 ? len : 47), option);
	if (verb_listed(elsewhere, name)) {
		return "source";
	}
	if (verb_listed("-g --global --system --user --location", name) &&
		strcmp(word, "source") != 0) {
		return "global";
	}
	return word[0] == 0 && verb_listed(frozen, name) ? "lockfile" : word;
}

/* Every option, wherever it stands, is one that a rule of the user need not know of. */
static bool all_plain(const struct command *command)
{
	bool plain = true;
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		plain = plain && (text[0] != '-' || is_plain(text));
	}
	return plain;
}

/* The manager runs none of the packages' own scripts. */
static bool runs_no_scripts(const struct command *command)
{
	bool none = false;
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		none = none || verb_listed("--ignore-scripts --no-scripts", text);
	}
	return none;
}

static const char no_scripts[] = "lockfile no-scripts";

/* The word that rules look at. Packages that are named beside a lockfile are not the lockfile's. */
static const char *whole_word(const struct command *command, const char *word, bool named)
{
	bool locked = strcmp(word, "lockfile") == 0;
	if (word[0] != 0 && !locked) {
		return word;
	}
	if (!all_plain(command) || (locked && named)) {
		return "odd";
	}
	return locked && runs_no_scripts(command) ? no_scripts : word;
}

void verb_add_install(struct command_line *line, const struct command *whole,
	const struct command *command, size_t from, const struct verb_row *row)
{
	static const char verbs[] =
		"install add remove upgrade update i in get require reinstall dist-upgrade "
		"full-upgrade enable prepare tap sync lock uninstall purge";
	const char *word = install_word(row);
	const char *given[32] = { 0 };
	size_t count = 0;
	/* of some managers no verb is told apart */
	bool verb = from == 1 && strchr(row->words, ' ') == NULL;
	for (size_t i = from; i < command->argc; i++) {
		char kind;
		const char *value;
		const char *text = command->argv[i].text;
		if (text[0] != '-') {
			if (verb && verb_listed(verbs, text)) {
				verb = false;
			} else if (count < COUNT_OF(given)) {
				given[count++] = text;
			}
			continue;
		}
		word = option_word(text, word);
		if (option_form(row->spec, text, &kind, &value) == OPTION_NEXT) {
			i++;
		}
	}
	word = whole_word(whole, word, count > 0);
	for (size_t i = 0; i < count; i++) {
		bool source = is_source(given[i]) && strcmp(word, "remove") != 0;
		command_add(line, EFFECT_INSTALL, given[i], row->text, source ? "source" : word);
		if (row->act == VERB_FETCH) { /* the rest are the program's own arguments */
			break;
		}
	}
	if (count == 0) {
		command_add(line, EFFECT_INSTALL, "", row->text, word);
	}
}

void verb_mark_no_scripts(struct command_line *line, const struct command *whole, size_t from)
{
	for (size_t i = from; i < line->out->count && runs_no_scripts(whole); i++) {
		struct effect *e = &line->out->list[i];
		if (e->kind == EFFECT_INSTALL && strcmp(e->word, "lockfile") == 0) {
			free(e->word);
			e->word = xstrdup(no_scripts);
		}
	}
}
