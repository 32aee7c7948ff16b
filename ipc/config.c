/*
 * Merges the three places that settings come from: the table's own values, config.ini, the
 * environment; flags are set on top by whoever parses them.
 *
 * Promises: a config that can be used whatever the file holds; the first thing wrong with it in
 * *err. A file that does not parse sets nothing; a wrong value in a file that does leaves that one
 * option alone.
 */
#include "config.h"

#include "ipc/config.h"

#include "core/buf.h"
#include "core/diag.h"
#include "core/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 };

static bool set(struct config *config, enum option_id id, struct span value,
	enum config_source source, unsigned line, struct err *err)
{
	int64_t number = 0;
	if (!option_parse(id, value, &number, err)) {
		return false;
	}
	free(config->text[id]);
	config->text[id] = span_dup(value);
	config->number[id] = number;
	config->source[id] = source;
	config->line[id] = line;
	return true;
}

bool config_set(struct config *config, enum option_id id, const char *value, struct err *err)
{
	return set(config, id, span_of(value), CONFIG_FLAG, 0, err);
}

static bool read_all(int fd, struct buf *text)
{
	for (;;) {
		buf_room(text, 4096);
		ssize_t n = read(fd, text->data + text->len, 4096);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return n == 0;
		}
		text->len += (size_t)n;
		if (text->len > FILE_MAX) {
			errno = EFBIG;
			return false;
		}
	}
}

/* Opens without waiting (a FIFO would) and refuses what another user could have written. */
static bool read_file(const char *path, struct buf *text, struct err *err)
{
	struct stat st;
	bool ok = true;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return errno == ENOENT ||
			fail(err, DIAG_CONFIG, "%s: cannot be opened: %s", path, strerror(errno));
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		ok = fail(err, DIAG_CONFIG, "%s: not a regular file", path);
	} else if ((st.st_uid != getuid() && st.st_uid != 0) || (st.st_mode & 0022)) {
		ok = fail(
			err, DIAG_CONFIG, "%s: another user may write to it; chmod go-w it", path);
	} else if (!read_all(fd, text)) {
		ok = fail(err, DIAG_CONFIG, "%s: cannot be read: %s", path, strerror(errno));
	}
	close(fd);
	return ok;
}

static bool apply_entry(
	struct config *config, const char *path, const struct ini_entry *e, struct err *err)
{
	enum option_id id;
	const char *nearest = NULL;
	char *name = xasprintf("%.*s.%.*s", SPAN_FMT(e->section), SPAN_FMT(e->key));
	bool ok = option_find(span_of(name), &id, &nearest);
	if (!ok) {
		fail(err, DIAG_CONFIG, "%s:%u: %.60s: no such setting%s%s", path, e->line, name,
			nearest ? ", nearest: " : "", nearest ? nearest : "; see `bascule config`");
	} else {
		struct err why;
		ok = set(config, id, e->value, CONFIG_FILE, e->line, &why) ||
			fail(err, DIAG_CONFIG, "%s:%u: %.200s", path, e->line, why.text);
	}
	free(name);
	return ok;
}

static bool apply_file(struct config *config, const char *path, struct err *err)
{
	struct buf text = { 0 };
	struct ini ini = { 0 };
	bool ok = read_file(path, &text, err) && ini_parse(&ini, path, buf_view(&text), err);
	for (size_t i = 0; i < ini.count; i++) {
		/* Only the first fault is told; the entries after it still count. */
		ok = apply_entry(config, path, &ini.entries[i], ok ? err : NULL) && ok;
	}
	ini_finish(&ini);
	buf_finish(&text);
	return ok;
}

static bool apply_environment(struct config *config, struct err *err)
{
	bool ok = true;
	for (int i = 0; i < OPTION_COUNT; i++) {
		const char *name = option_specs[i].env;
		const char *value = *name ? getenv(name) : NULL;
		struct err why;
		if (value && *value &&
			!set(config, (enum option_id)i, span_of(value), CONFIG_ENV, 0, &why)) {
			fail(ok ? err : NULL, DIAG_CONFIG, "environment: %s: %.200s", name,
				why.text);
			ok = false;
		}
	}
	return ok;
}

bool config_load(struct config *config, const struct paths *paths, struct err *err)
{
	*config = (struct config){ 0 };
	for (int i = 0; i < OPTION_COUNT; i++) {
		bool ours = set(config, (enum option_id)i, span_of(option_specs[i].value),
			CONFIG_BUILT_IN, 0, NULL);
		if (!ours) {
			abort(); /* the table contradicts itself; its test says where */
		}
	}
	bool file = apply_file(config, paths->config_ini, err);
	bool environment = apply_environment(config, file ? err : NULL);
	return file && environment;
}

void config_finish(struct config *config)
{
	for (int i = 0; config && i < OPTION_COUNT; i++) {
		free(config->text[i]);
		config->text[i] = NULL;
	}
}
