/*
 * Names that are not there, and may be there in another form of Unicode.
 *
 * A server that brings a name into one form before it opens it would find the other one: a link
 * that leads elsewhere. Called by facts_path.c.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A name that is written with marks or parts of syllables by themselves: what composed letters come
 * to in the other form of Unicode. */
static bool is_decomposed(const char *name)
{
	for (; *name; name++) {
		unsigned char a = (unsigned char)name[0], b = (unsigned char)name[1];
		unsigned char c = b ? (unsigned char)name[2] : 0;
		bool mark = (a == 0xcc && b) || (a == 0xcd && b <= 0xaf);
		bool voiced = a == 0xe3 && b == 0x82 && (c == 0x99 || c == 0x9a);
		bool jamo = a == 0xe1 && b >= 0x84 && b <= 0x87;
		if (mark || voiced || jamo) {
			return true;
		}
	}
	return false;
}

/* Whether the name that is not there may be there in another form: some file beside it is written
 * so. A very large directory counts as one that holds such a file. */
static bool may_be_there(const char *path)
{
	enum { ENTRIES_MAX = 4096 };
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');
	DIR *open = NULL;
	while (!open && slash) {
		slash[slash == dir] = '\0';
		open = opendir(dir);
		bool up = !open && errno == ENOENT && slash != dir;
		slash = up ? strrchr(dir, '/') : NULL;
	}
	bool may = !open;
	struct dirent *entry;
	for (size_t i = 0; open && !may && (entry = readdir(open)); i++) {
		may = i == ENTRIES_MAX || is_decomposed(entry->d_name);
	}
	if (open) {
		closedir(open);
	}
	free(dir);
	return may;
}

static bool is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80) {
		text++;
	}
	return !*text;
}

bool facts_respelled(const char *path, const char *given)
{
	return !is_ascii(given) && may_be_there(path);
}
