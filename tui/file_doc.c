/*
 * One file of a call. What is text has a diff; of what is not the size, a guess at the type, the
 * hash before and after, and its first bytes are told. Everything foreign goes through the
 * sanitiser. Called by preview_doc.c.
 */
#include "config.h"

#include "tui/file_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "core/unicode.h"
#include "tui/bytes.h"
#include "tui/model_read.h"

enum {
	WHOLE_MAX = 8 << 20, /* the gate gives no more */
	GONE_LINES = 12, /* shown of a text that goes */
	HEX_ROW = 16,
	HEX_ROW_NARROW = 8,
	HEX_WIDE = 64, /* columns that the longer rows need */
};

/* ---- as the gate says it ---- */

static char *text_at(struct span json, const char *name)
{
	return json_strdup(model_read_member(json, name));
}

void file_read(struct file *file, struct span json)
{
	*file = (struct file){
		.path = text_at(json, "path"),
		.given = text_at(json, "given"),
		.kind = text_at(json, "kind"),
		.how = text_at(json, "how"),
		.state = text_at(json, "state"),
		.link = text_at(json, "link"),
		.hash = text_at(json, "hash"),
		.bytes = text_at(json, "bytes"),
		.size = model_read_int(json, "size", -1),
		.mode = model_read_int(json, "mode", -1),
	};
	file->tree = model_read_member(json, "tree");
	struct span text = model_read_member(json, "text");
	if (json_type(text) == JSON_STRING) {
		json_decode(text, &file->text);
	}
	json_bool(model_read_member(json, "replaced"), &file->replaced);
}

void file_finish(struct file *file)
{
	char *const texts[] = { file->path, file->given, file->kind, file->how, file->state,
		file->link, file->hash, file->bytes };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(texts[i]);
	}
	buf_finish(&file->text);
}

static struct span now_of(const struct file *file)
{
	return file->text.len ? buf_view(&file->text) : SPAN(""); /* empty is not absent */
}

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

struct preview_file file_now(const struct file *file)
{
	bool text = is(file->state, "file"), absent = is(file->state, "absent");
	return (struct preview_file){
		.given = span_of(file->given ? file->given : ""),
		.text = text ? now_of(file) : (struct span){ NULL, 0 },
		.known = text || absent,
	};
}

/* ---- bytes that are no text ---- */

struct magic {
	const char *hex, *words;
};

static const struct magic magics[] = {
	{ "89504e470d0a1a0a", "a PNG image" },
	{ "ffd8ff", "a JPEG image" },
	{ "47494638", "a GIF image" },
	{ "52494646", "a RIFF file (WebP, WAV, AVI)" },
	{ "25504446", "a PDF document" },
	{ "504b0304", "a ZIP archive, or a document made of one" },
	{ "1f8b", "gzip data" },
	{ "fd377a585a00", "xz data" },
	{ "28b52ffd", "Zstandard data" },
	{ "7f454c46", "an ELF program or library" },
	{ "0061736d", "a WebAssembly module" },
	{ "cafebabe", "a Java class or a macOS program" },
	{ "53514c69746520666f726d6174203300", "an SQLite database" },
	{ "fffe", "text in UTF-16, perhaps" },
	{ "feff", "text in UTF-16, perhaps" },
};

static const char *type_of(const struct file *file)
{
	for (size_t i = 0; i < COUNT_OF(magics); i++) {
		if (file->bytes &&
			strncmp(file->bytes, magics[i].hex, strlen(magics[i].hex)) == 0) {
			return magics[i].words;
		}
	}
	return "of no type that is known here";
}

static void hex_doc(struct doc *doc, const char *hex, int width)
{
	size_t row = width >= HEX_WIDE ? HEX_ROW : HEX_ROW_NARROW, all = strlen(hex) / 2;
	for (size_t from = 0; from < all; from += row) {
		char text[HEX_ROW * 3 + 1] = "";
		size_t len = 0;
		for (size_t i = from; i < from + row && i < all; i++) {
			len += (size_t)snprintf(
				text + len, sizeof(text) - len, " %.2s", hex + 2 * i);
		}
		struct safe_text safe = paint_foreign(doc->paint, span_of(text), SAFE_ONE_LINE);
		doc_add(doc, ROLE_DIM, 2, "", safe_printf("%04zx%s", from, safe_cstr(&safe)));
		safe_finish(&safe);
	}
}

static void hash_doc(struct doc *doc, const struct file *file, const struct preview *preview)
{
	struct safe_text now = paint_foreign(
		doc->paint, span_of(file->hash ? file->hash : ""), SAFE_ONE_LINE);
	if (now.bytes) {
		doc_add(doc, ROLE_DIM, 2, "", safe_printf("SHA-256 now  %s", safe_cstr(&now)));
	}
	if (preview->kind == PREVIEW_DIFF && !preview->part) {
		struct hash hash = hash_of(buf_view(&preview->after));
		char hex[HASH_HEX + 1];
		hash_hex(&hash, hex);
		doc_add(doc, ROLE_DIM, 2, "", safe_printf("SHA-256 then %s", hex));
	}
	safe_finish(&now);
}

static void bytes_doc(struct doc *doc, const struct file *file, const struct preview *preview,
	const struct diff_form *form)
{
	struct safe_text size = bytes_words(file->size);
	doc_add(doc, ROLE_WARNING, 2, "",
		safe_printf("now %s, %s", safe_cstr(&size), type_of(file)));
	safe_finish(&size);
	hash_doc(doc, file, preview);
	if (file->bytes && file->bytes[0]) {
		doc_say(doc, ROLE_LABEL, 2, "its first bytes");
		hex_doc(doc, file->bytes, form->width);
	}
}

/* ---- what cannot be compared ---- */

struct state_words {
	const char *state, *words;
};

static const struct state_words state_words[] = {
	{ "special", "is no regular file" },
	{ "directory", "is a directory" },
	{ "binary", "is not text" },
	{ "large", "is too large to compare" },
	{ "link", "is a symbolic link to" },
	{ "unreadable", "cannot be read" },
};

static void state_doc(struct doc *doc, const struct file *file)
{
	struct safe_text path = paint_foreign(
		doc->paint, span_of(file->path ? file->path : ""), SAFE_ONE_LINE);
	struct safe_text link = paint_foreign(
		doc->paint, span_of(file->link ? file->link : ""), SAFE_ONE_LINE);
	for (size_t i = 0; i < COUNT_OF(state_words); i++) {
		if (is(file->state, state_words[i].state)) {
			doc_add(doc, ROLE_WARNING, 0, "",
				safe_printf("%s %s%s%s", safe_cstr(&path), state_words[i].words,
					link.bytes ? " " : "", safe_cstr(&link)));
		}
	}
	if (is(file->state, "large")) {
		doc_say(doc, ROLE_WARNING, 2,
			file->size <= WHOLE_MAX ? "V asks for all of it."
						: "It is past 8 MiB: all of it cannot be shown.");
	}
	safe_finish(&path);
	safe_finish(&link);
}

/* ---- texts ---- */

static bool has_mark(struct span text)
{
	return span_starts(text, "\xef\xbb\xbf");
}

static void mark_doc(struct doc *doc, struct span before, struct span after)
{
	bool had = has_mark(before), has = has_mark(after);
	if (had || has) {
		doc_say(doc, had != has && before.at ? ROLE_WARNING : ROLE_DIM, 0,
			had && has    ? "It begins with a byte order mark."
				: has ? "A byte order mark comes to its beginning."
				      : "The byte order mark at its beginning goes.");
	}
}

static void moved_doc(
	struct doc *doc, const struct file *file, const char *words, const char *other)
{
	struct safe_text place = paint_foreign(doc->paint, span_of(other), SAFE_ONE_LINE);
	doc_add(doc, ROLE_STRONG, 0, "", safe_printf("%s %s", words, safe_cstr(&place)));
	if (is(file->state, "file") && strcmp(words, "moved here from") == 0) {
		doc_say(doc, ROLE_WARNING, 0, "It takes the place of the file that is there:");
	}
	safe_finish(&place);
}

static bool change_doc(struct doc *doc, const struct file *file, const struct preview *preview,
	const struct file *source, const struct diff_form *form)
{
	const struct file *old = is(file->state, "absent") ? source : file;
	struct span before = old ? now_of(old) : (struct span){ NULL, 0 };
	struct diff diff = { 0 };
	if (preview->part) {
		before = preview->before.len ? buf_view(&preview->before) : SPAN("");
	}
	diff_make(&diff, before, buf_view(&preview->after), form->context);
	if (!diff.same) {
		doc_add(doc, ROLE_STRONG, 0, "",
			safe_printf("%s  +%u -%u",
				preview->part ? "changes a part of the file"
					: old ? "changes the file"
					      : "new file",
				diff.added, diff.removed));
	}
	mark_doc(doc, before, buf_view(&preview->after));
	diff_doc(doc, &diff, form);
	bool shown = !diff.binary && !diff.cut;
	if (diff.binary || file->replaced) {
		bytes_doc(doc, file, preview, form);
	}
	doc->partial = doc->partial || diff.cut;
	diff_finish(&diff);
	return shown;
}

/* A text that goes is not read to its end to be let go. */
static void gone_doc(struct doc *doc, const struct file *file)
{
	struct diff diff = { 0 };
	struct span text = now_of(file);
	diff_make(&diff, text, (struct span){ NULL, 0 }, 0);
	doc_add(doc, ROLE_STRONG, 0, "", safe_printf("deleted file  -%u", diff.removed));
	for (size_t i = 0; i < diff.line_count && i < GONE_LINES; i++) {
		doc_foreign(doc, ROLE_REMOVED, 2, "-", diff.lines[i].text);
	}
	if (diff.removed > GONE_LINES) {
		doc_add(doc, ROLE_DIM, 2, "",
			safe_printf("and %u lines more", diff.removed - GONE_LINES));
	}
	diff_finish(&diff);
}

/* What is in a directory that goes: how much, and the first names. */
static void tree_doc(struct doc *doc, struct span tree)
{
	int64_t files = model_read_int(tree, "files", 0), shown = 0;
	int64_t directories = model_read_int(tree, "directories", 0);
	bool cut = true;
	struct span names = model_read_member(tree, "names"), value;
	struct safe_text bytes = bytes_words(model_read_int(tree, "bytes", 0));
	json_bool(model_read_member(tree, "cut"), &cut);
	doc_add(doc, ROLE_WARNING, 0, "",
		safe_printf("would delete %s%lld file%s in %lld director%s, %s",
			cut ? "more than " : "", (long long)files, files == 1 ? "" : "s",
			(long long)directories + 1, directories ? "ies" : "y", safe_cstr(&bytes)));
	safe_finish(&bytes);
	if (cut) {
		doc_say(doc, ROLE_WARNING, 0, "There is more than could be counted.");
	}
	struct json_walk walk = json_walk_of(json_type(names) == JSON_ARRAY ? names : SPAN("[]"));
	for (; shown < GONE_LINES && json_next(&walk, NULL, &value); shown++) {
		struct buf name = { 0 };
		json_decode(value, &name);
		struct safe_text safe = paint_foreign(doc->paint, buf_view(&name), SAFE_ONE_LINE);
		doc_add(doc, ROLE_REMOVED, 2, "-", safe);
		buf_finish(&name);
	}
	if (files > shown) {
		doc_add(doc, ROLE_DIM, 2, "",
			safe_printf("and %lld more", (long long)(files - shown)));
	}
}

static bool goes_doc(struct doc *doc, const struct file *file, const struct preview *preview)
{
	if (preview->other) {
		moved_doc(doc, file, "moved to", preview->other);
	} else if (file->tree.at) {
		tree_doc(doc, file->tree);
	} else if (is(file->state, "file")) {
		gone_doc(doc, file);
	} else {
		return false;
	}
	return preview->kind == PREVIEW_GOES;
}

static void name_doc(struct doc *doc, const struct file *file)
{
	const char *name = file->given ? file->given : file->path;
	struct safe_text path = paint_foreign(doc->paint, span_of(name ? name : ""), SAFE_ONE_LINE);
	doc_add(doc, ROLE_LABEL, 0, "", safe_printf("%s", safe_cstr(&path)));
	safe_finish(&path);
}

bool file_doc(struct doc *doc, const struct file *file, const struct preview *preview,
	const struct file *source, bool name, const struct diff_form *form)
{
	bool goes = preview->kind == PREVIEW_GOES || is(file->kind, "delete"), told = false;
	if (name) {
		name_doc(doc, file);
	}
	if (!file_now(file).known && !file->tree.at) {
		state_doc(doc, file);
		if (file->bytes) {
			bytes_doc(doc, file, preview, form);
		}
	}
	if (preview->kind == PREVIEW_FAILS) {
		doc_say(doc, ROLE_WARNING, 0, "This edit will not apply to the file as it is:");
	}
	if (preview->note[0]) {
		doc_foreign(doc, ROLE_WARNING, 0, "", span_of(preview->note));
	}
	if (preview->other && !goes) {
		moved_doc(doc, file, "moved here from", preview->other);
	}
	if (goes) {
		told = goes_doc(doc, file, preview);
	} else if (preview->kind == PREVIEW_DIFF && file_now(file).known) {
		told = change_doc(doc, file, preview, source, form);
	}
	doc_blank(doc);
	return told;
}
