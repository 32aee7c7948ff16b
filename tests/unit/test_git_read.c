/* What we read of repositories without git, against what git itself says of the same ones: index,
 * objects loose and packed, references; and damaged bytes of each. */
#include "config.h"

#include "core/git_config.h"
#include "core/git_object.h"
#include "ipc/git_file.h"
#include "ipc/git_read.h"
#include "ipc/git_repo.h"
#include "tests/unit/git_world.h"

#include <dirent.h>

static void hex_of(const unsigned char id[GIT_ID_BYTES], char out[41])
{
	git_id_hex(id, out);
}

/* Many files, some below directories, with contents that delta well. */
static void fill_repo(const struct git_world *w, const char *dir, int count, const char *more)
{
	for (int i = 0; i < count; i++) {
		struct buf text = { 0 };
		char *path = xasprintf("%s/d%d/e%d/file-%d.txt", dir, i % 7, i % 3, i);
		for (int line = 0; line < 40; line++) {
			buf_printf(&text, "line %d of them all\n", line);
		}
		buf_printf(&text, "file %d %s\n", i, more);
		world_file(w, path, buf_cstr(&text));
		buf_finish(&text);
		free(path);
	}
}

static enum git_answer find(
	struct git_cache *cache, const struct git_world *w, const char *dir, struct git_repo *repo)
{
	char *from = world_at(w, dir);
	enum git_answer answer = git_repo_find(cache, from, w->base, false, repo);
	free(from);
	return answer;
}

/* Every entry of "git ls-files -s" is found with its id, and no more are in it. */
static void check_index(const struct git_world *w, struct git_cache *cache, const char *dir)
{
	struct git_repo repo;
	struct git_index_ref ref;
	struct buf out = { 0 };
	size_t count = 0;
	assert_int_equal(find(cache, w, dir, &repo), GIT_KNOWN);
	assert_int_equal(git_repo_index(cache, &repo, false, &ref), GIT_KNOWN);
	assert_int_equal(git_run(w, dir, "ls-files -s", (struct span){ 0 }, &out), 0);
	char *rest = buf_cstr(&out), *line;
	while ((line = strsep(&rest, "\n")) && line[0]) {
		char hex[41], *path = strchr(line, '\t') + 1;
		const struct git_entry *entry = git_index_find(&ref.index, span_of(path));
		assert_non_null(entry);
		hex_of(entry->id, hex);
		assert_memory_equal(hex, line + 7, 40);
		count++;
	}
	assert_int_equal(count, ref.index.count);
	assert_true(!count || git_index_below(&ref.index, SPAN("d1")));
	assert_true(!count || git_index_below(&ref.index, SPAN("")));
	assert_false(git_index_below(&ref.index, SPAN("d")));
	assert_false(git_index_below(&ref.index, SPAN("d1/e")));
	assert_null(git_index_find(&ref.index, SPAN("d1")));
	git_index_release(&ref);
	git_repo_finish(&repo);
	buf_finish(&out);
}

static void index_test(void **state)
{
	struct git_world *w = *state;
	struct git_cache *cache = git_cache_create();
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	check_index(w, cache, "r");
	fill_repo(w, "r", 150, "one");
	git_do(w, "r", "add .");
	check_index(w, cache, "r");
	git_do(w, "r", "update-index --index-version 4");
	check_index(w, cache, "r");
	git_do(w, "r", "update-index --index-version 3");
	world_file(w, "r/later", "x");
	git_do(w, "r", "add -N later");
	git_do(w, "r", "update-index --skip-worktree d1/e1/file-1.txt");
	check_index(w, cache, "r");
	git_do(w, "r", "commit -qm one");
	git_do(w, "r", "update-index --index-version 4");
	check_index(w, cache, "r");
	git_do(w, "r", "update-index --untracked-cache --force-write-index");
	check_index(w, cache, "r");
	git_cache_destroy(cache);
}

/* Forms of an index that we do not claim to understand. */
static void strange_index_test(void **state)
{
	struct git_world *w = *state;
	struct git_cache *cache = git_cache_create();
	struct git_repo repo;
	struct git_index_ref ref;
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	fill_repo(w, "r", 30, "one");
	git_do(w, "r", "add .");
	git_do(w, "r", "update-index --split-index");
	assert_int_equal(find(cache, w, "r", &repo), GIT_KNOWN);
	assert_int_equal(git_repo_index(cache, &repo, false, &ref), GIT_UNKNOWN);
	git_do(w, "r", "update-index --no-split-index");
	assert_int_equal(git_repo_index(cache, &repo, false, &ref), GIT_KNOWN);
	git_index_release(&ref);
	git_repo_finish(&repo);
	git_cache_destroy(cache);
}

/* Bytes cut or changed anywhere: never a crash, and a cut one is never an index. */
static void damaged_index_test(void **state)
{
	struct git_world *w = *state;
	struct buf bytes = { 0 };
	struct git_index index;
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	fill_repo(w, "r", 20, "one");
	git_do(w, "r", "add .");
	for (int version = 2; version <= 4; version += 2) {
		git_do(w, "r",
			version == 2 ? "update-index --index-version 2"
				     : "update-index --index-version 4");
		char *path = world_at(w, "r/.git/index");
		assert_int_equal(git_file_read(path, 1 << 20, &bytes, NULL), GIT_FILE_READ);
		assert_true(git_index_parse(&index, buf_view(&bytes)));
		git_index_finish(&index);
		char *name = memmem(bytes.data, bytes.len, "d0/e0/file-0.txt", 16);
		assert_non_null(name);
		name[0] = 'z'; /* behind all others */
		bool ordered = git_index_parse(&index, buf_view(&bytes));
		assert_int_equal(ordered, version == 4); /* there the names after it follow */
		git_index_finish(&index);
		name[0] = 'd';
		for (size_t n = 0; n < bytes.len; n++) {
			char *copy = span_dup((struct span){ bytes.data, n });
			assert_false(git_index_parse(&index, (struct span){ copy, n }));
			free(copy);
		}
		for (size_t n = 0; n < bytes.len; n++) {
			bytes.data[n] = (char)(bytes.data[n] ^ 0x55);
			if (git_index_parse(&index, buf_view(&bytes))) {
				git_index_finish(&index);
			}
			bytes.data[n] = (char)(bytes.data[n] ^ 0x55);
		}
		free(path);
	}
	buf_finish(&bytes);
}

/* HEAD:path of every file, and of some that are none. */
static void check_head(const struct git_world *w, struct git_cache *cache, const char *dir)
{
	struct git_repo repo;
	struct buf out = { 0 };
	unsigned char id[GIT_ID_BYTES];
	bool there = false;
	assert_int_equal(find(cache, w, dir, &repo), GIT_KNOWN);
	assert_int_equal(git_run(w, dir, "ls-tree -r HEAD", (struct span){ 0 }, &out), 0);
	char *rest = buf_cstr(&out), *line;
	size_t count = 0;
	while ((line = strsep(&rest, "\n")) && line[0]) {
		char hex[41], *path = strchr(line, '\t') + 1;
		assert_int_equal(
			git_repo_head_blob(cache, &repo, path, false, &there, id), GIT_KNOWN);
		bool file = strncmp(line, "100", 3) == 0;
		assert_int_equal(there, file);
		hex_of(id, hex);
		assert_memory_equal(hex, line + 12, file ? 40 : 0);
		count++;
	}
	assert_true(count > 10);
	static const char *const none[] = { "d1", "none", "d1/none", "d1/e1/file-1.txt/x", "D1" };
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		assert_int_equal(
			git_repo_head_blob(cache, &repo, none[i], false, &there, id), GIT_KNOWN);
		assert_false(there);
	}
	git_repo_finish(&repo);
	buf_finish(&out);
}

static void objects_test(void **state)
{
	struct git_world *w = *state;
	struct git_cache *cache = git_cache_create();
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	for (int i = 0; i < 6; i++) {
		char *word = xasprintf("round %d", i);
		fill_repo(w, "r", 120, word);
		git_do(w, "r", "add .");
		git_do(w, "r", "commit -qm more");
		free(word);
	}
	check_head(w, cache, "r");
	git_do(w, "r", "gc -q --aggressive");
	git_cache_destroy(cache);
	cache = git_cache_create();
	check_head(w, cache, "r");
	git_do(w, "r", "config gc.auto 0");
	fill_repo(w, "r", 3, "after");
	git_do(w, "r", "commit -qam loose");
	check_head(w, cache, "r");
	git_do(w, "r", "repack -q");
	check_head(w, cache, "r");
	git_do(w, "r", "worktree add -q ../linked");
	check_head(w, cache, "linked");
	git_do(w, "", "clone -q --shared r shared");
	check_head(w, cache, "shared");
	git_do(w, "", "-c protocol.file.allow=always -C r submodule --quiet add ../shared sub");
	git_do(w, "r", "commit -qm sub");
	check_head(w, cache, "r");
	check_head(w, cache, "r/sub");
	git_cache_destroy(cache);
}

/* Content of every object, through deltas of offsets and of names. */
static void packs_test(void **state)
{
	struct git_world *w = *state;
	struct buf out = { 0 }, have = { 0 }, want = { 0 };
	char *dir = world_at(w, "r/.git");
	const struct git_store store = { dir, dir };
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	for (int i = 0; i < 3; i++) {
		char *word = xasprintf("round %d", i);
		fill_repo(w, "r", 40, word);
		git_do(w, "r", "add .");
		git_do(w, "r", "commit -qm more");
		free(word);
	}
	for (int i = 0; i < 2; i++) {
		git_do(w, "r",
			i ? "-c repack.useDeltaBaseOffset=false repack -qadF" : "repack -qad");
		assert_int_equal(git_run(w, "r", "cat-file --batch-all-objects --batch-check",
					 (struct span){ 0 }, &out),
			0);
		char *rest = buf_cstr(&out), *line;
		size_t blobs = 0;
		while ((line = strsep(&rest, "\n")) && line[0]) {
			unsigned char id[GIT_ID_BYTES];
			enum git_type type = strstr(line, " blob ") ? GIT_BLOB
				: strstr(line, " tree ")            ? GIT_TREE
								    : GIT_COMMIT;
			assert_true(git_id_parse((struct span){ line, 40 }, id));
			assert_true(git_object_read(&store, id, type, &have));
			assert_false(git_object_read(
				&store, id, type == GIT_BLOB ? GIT_TREE : GIT_BLOB, &want));
			blobs += type == GIT_BLOB;
			id[19] ^= 1;
			assert_false(git_object_read(&store, id, type, &have));
		}
		assert_true(blobs >= 100);
	}
	buf_finish(&out);
	buf_finish(&have);
	buf_finish(&want);
	free(dir);
}

/* Reads an object after changing single bytes of `path`: it is right, or it is not there. */
static int check_damaged(const struct git_store *store, const char *path,
	const unsigned char id[GIT_ID_BYTES], struct span right)
{
	struct buf bytes = { 0 }, have = { 0 };
	int refused = 0;
	chmod(path, 0644);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(git_file_read(path, 1 << 20, &bytes, NULL), GIT_FILE_READ);
	for (size_t i = 0; i < bytes.len; i += 1 + bytes.len / 400) {
		char bad = (char)(bytes.data[i] ^ 0x41);
		assert_int_equal(pwrite(fd, &bad, 1, (off_t)i), 1);
		bool ok = git_object_read(store, id, GIT_COMMIT, &have);
		assert_true(!ok || span_same(buf_view(&have), right));
		refused += !ok;
		assert_int_equal(pwrite(fd, bytes.data + i, 1, (off_t)i), 1);
	}
	for (size_t n = 0; n < bytes.len; n += 1 + bytes.len / 50) {
		assert_int_equal(ftruncate(fd, (off_t)n), 0);
		refused += !git_object_read(store, id, GIT_COMMIT, &have);
		assert_int_equal(pwrite(fd, bytes.data, bytes.len, 0), (ssize_t)bytes.len);
	}
	assert_true(git_object_read(store, id, GIT_COMMIT, &have));
	close(fd);
	buf_finish(&bytes);
	buf_finish(&have);
	return refused;
}

static char *only_file(const struct git_world *w, const char *dir, const char *ending)
{
	char *at = NULL, *real = world_at(w, dir);
	DIR *list = opendir(real);
	for (struct dirent *entry; list && (entry = readdir(list));) {
		if (strstr(entry->d_name, ending)) {
			free(at);
			at = xasprintf("%s/%s", real, entry->d_name);
		}
	}
	closedir(list);
	free(real);
	return at;
}

static void damaged_object_test(void **state)
{
	struct git_world *w = *state;
	struct buf right = { 0 };
	unsigned char id[GIT_ID_BYTES];
	char hex[41], *dir = world_at(w, "r/.git");
	const struct git_store store = { dir, dir };
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	fill_repo(w, "r", 12, "one");
	git_do(w, "r", "add .");
	git_do(w, "r", "commit -qm one");
	assert_int_equal(git_ref_resolve(&store, "HEAD", id), GIT_REF_ID);
	assert_true(git_object_read(&store, id, GIT_COMMIT, &right));
	hex_of(id, hex);
	char *loose = xasprintf("%s/objects/%.2s/%s", dir, hex, hex + 2);
	assert_true(check_damaged(&store, loose, id, buf_view(&right)) > 50);
	git_do(w, "r", "gc -q");
	char *pack = only_file(w, "r/.git/objects/pack", ".pack"),
	     *idx = only_file(w, "r/.git/objects/pack", ".idx");
	assert_true(check_damaged(&store, pack, id, buf_view(&right)) > 10);
	assert_true(check_damaged(&store, idx, id, buf_view(&right)) > 5);
	buf_finish(&right);
	free(loose);
	free(pack);
	free(idx);
	free(dir);
}

/* A name that promises another content than it has. */
static void false_object_test(void **state)
{
	struct git_world *w = *state;
	struct buf have = { 0 };
	unsigned char ids[2][GIT_ID_BYTES];
	char *dir = world_at(w, "r/.git"), *paths[2];
	const struct git_store store = { dir, dir };
	world_dir(w, "r");
	git_do(w, "r", "init -q .");
	for (int i = 0; i < 2; i++) {
		char hex[41];
		git_do(w, "r", "commit -q --allow-empty -m one");
		assert_int_equal(git_ref_resolve(&store, "HEAD", ids[i]), GIT_REF_ID);
		hex_of(ids[i], hex);
		paths[i] = xasprintf("%s/objects/%.2s/%s", dir, hex, hex + 2);
		assert_true(git_object_read(&store, ids[i], GIT_COMMIT, &have));
	}
	assert_int_equal(rename(paths[0], paths[1]), 0);
	assert_false(git_object_read(&store, ids[1], GIT_COMMIT, &have));
	assert_false(git_object_read(&store, ids[0], GIT_COMMIT, &have));
	buf_finish(&have);
	free(paths[0]);
	free(paths[1]);
	free(dir);
}

static void refs_test(void **state)
{
	struct git_world *w = *state;
	struct buf target = { 0 }, want = { 0 };
	unsigned char id[GIT_ID_BYTES];
	char *dir = world_at(w, "r/.git");
	const struct git_store store = { dir, dir };
	world_dir(w, "r");
	git_do(w, "r", "init -q -b trunk .");
	assert_int_equal(git_ref_read(&store, "HEAD", id, &target), GIT_REF_SYMBOLIC);
	assert_string_equal(buf_cstr(&target), "refs/heads/trunk");
	assert_int_equal(git_ref_resolve(&store, "HEAD", id), GIT_REF_NONE);
	world_file(w, "r/a", "a");
	git_do(w, "r", "add a");
	git_do(w, "r", "commit -qm a");
	git_do(w, "r", "tag -a -m t v1");
	git_do(w, "r", "branch runk");
	for (int packed = 0; packed < 2; packed++) {
		char hex[41];
		assert_int_equal(git_ref_resolve(&store, "HEAD", id), GIT_REF_ID);
		git_run(w, "r", "rev-parse HEAD", (struct span){ 0 }, &want);
		hex_of(id, hex);
		assert_memory_equal(hex, want.data, 40);
		assert_int_equal(git_ref_resolve(&store, "refs/tags/v1", id), GIT_REF_ID);
		git_run(w, "r", "rev-parse v1", (struct span){ 0 }, &want);
		hex_of(id, hex);
		assert_memory_equal(hex, want.data, 40);
		assert_int_equal(git_ref_resolve(&store, "refs/heads/none", id), GIT_REF_NONE);
		git_do(w, "r", "pack-refs --all");
	}
	static const char *const odd[] = { "refs/../HEAD", "../x", "config", "refs/heads/a b",
		"refs/heads/", "refs//x", "" };
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		assert_int_equal(git_ref_resolve(&store, odd[i], id), GIT_REF_ODD);
	}
	world_file(w, "r/.git/refs/heads/loop", "ref: refs/heads/loop\n");
	assert_int_equal(git_ref_resolve(&store, "refs/heads/loop", id), GIT_REF_ODD);
	buf_finish(&target);
	buf_finish(&want);
	free(dir);
}

/* Which directories are work trees of a form that we read. */
static void forms_test(void **state)
{
	struct git_world *w = *state;
	struct git_cache *cache = git_cache_create();
	static const struct {
		const char *config;
		enum git_answer answer;
	} rows[] = {
		{ "core.ignorecase false", GIT_KNOWN },
		{ "core.bare true", GIT_UNKNOWN },
		{ "core.bare false", GIT_KNOWN },
		{ "core.worktree /tmp", GIT_UNKNOWN },
		{ "core.worktree ..", GIT_KNOWN },
		{ "extensions.partialclone origin", GIT_KNOWN },
		{ "extensions.objectformat sha256", GIT_UNKNOWN },
		{ "extensions.objectformat sha1", GIT_KNOWN },
		{ "extensions.refstorage reftable", GIT_UNKNOWN },
	};
	struct git_repo repo;
	world_dir(w, "r");
	world_dir(w, "r/sub");
	git_do(w, "r", "init -q .");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *file = world_at(w, "r/.git/config"),
		     *words = xasprintf("config -f %s %s", file, rows[i].config);
		git_do(w, "", words);
		enum git_answer answer = find(cache, w, "r/sub", &repo);
		if (answer != rows[i].answer) {
			print_error("%s: %d\n", rows[i].config, (int)answer);
		}
		assert_int_equal(answer, rows[i].answer);
		git_repo_finish(&repo);
		free(file);
		free(words);
	}
	world_file(w, "r/.git/config", "");
	assert_int_equal(find(cache, w, "r", &repo), GIT_KNOWN);
	git_repo_finish(&repo);
	assert_int_equal(find(cache, w, "r/.git/refs", &repo), GIT_UNKNOWN);
	assert_int_equal(find(cache, w, "", &repo), GIT_UNKNOWN);
	/* somebody else's index under our files */
	world_dir(w, "false");
	world_file(w, "false/.git", "gitdir: ../r/.git\n");
	assert_int_equal(find(cache, w, "false", &repo), GIT_UNKNOWN);
	world_file(w, "r/.git/config", "[core]\n\trepositoryformatversion = 0\n");
	world_file(w, "r/a", "a");
	git_do(w, "r", "add a");
	git_do(w, "r", "commit -qm a");
	git_do(w, "r", "worktree add -q ../linked");
	assert_int_equal(find(cache, w, "linked", &repo), GIT_KNOWN);
	git_repo_finish(&repo);
	world_file(w, "false/.git", "gitdir: ../r/.git/worktrees/linked\n");
	assert_int_equal(find(cache, w, "false", &repo), GIT_UNKNOWN);
	git_cache_destroy(cache);
}

struct seen {
	struct buf text;
};

static void on_setting(void *data, const struct git_setting *s)
{
	struct seen *seen = data;
	buf_printf(&seen->text, "%s.%s.%s=%s;", s->section, s->sub, s->key,
		s->value ? s->value : "(true)");
}

static void config_test(void **state)
{
	(void)state;
	static const struct {
		const char *text, *seen; /* NULL: refused */
	} rows[] = {
		{ "", "" },
		{ "[core]\n\tbare = false\n", "core..bare=false;" },
		{ "[core] bare", "core..bare=(true);" },
		{ "[Core]\nBare=x", "core..bare=x;" },
		{ "[remote \"Ori\\\"gin\"]\nurl = a # b\n", "remote.Ori\"gin.url=a;" },
		{ "[remote.ORIGIN]\nurl = a\n", "remote.origin.url=a;" },
		{ "[a]\nb = \" c # d \" ; e\n", "a..b= c # d ;" },
		{ "[a]\nb = c\\\n d\n", "a..b=c d;" },
		{ "[a]\nb = \\t\\n\\\"\n", "a..b=\t\n\";" },
		{ "[a]\r\nb = c\r\n", "a..b=c;" },
		{ "\xef\xbb\xbf[a]\nb=", "a..b=;" },
		{ "; x\n# y\n[a] # z\nb = 1\n", "a..b=1;" },
		{ "b = 1\n", NULL },
		{ "[a\nb = 1\n", NULL },
		{ "[a]\n1b = 1\n", NULL },
		{ "[a]\nb = \"c\n", NULL },
		{ "[a]\nb = \\q\n", NULL },
		{ "[a]\nb c\n", NULL },
		{ "[a \"b]\nc = d\n", NULL },
		{ "[]\na=b\n", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct seen seen = { .text = { 0 } };
		bool ok = git_config_parse(span_of(rows[i].text), on_setting, &seen);
		if (ok != (rows[i].seen != NULL)) {
			print_error("row %zu: %s\n", i, rows[i].text);
		}
		assert_int_equal(ok, rows[i].seen != NULL);
		if (ok) {
			assert_string_equal(buf_cstr(&seen.text), rows[i].seen);
		}
		buf_finish(&seen.text);
	}
}

static void delta_test(void **state)
{
	(void)state;
	static const struct {
		struct span delta, result; /* of the base "0123456789" */
	} rows[] = {
		{ SPAN("\x0a\x03\x90\x03"), SPAN("012") },
		{ SPAN("\x0a\x04\x91\x08\x02\x02xy"), SPAN("89xy") },
		{ SPAN("\x0a\x01\x01z"), SPAN("z") },
		{ SPAN("\x0a\x03\x91\x08\x03"), { 0 } }, /* past the base */
		{ SPAN("\x09\x03\x90\x03"), { 0 } }, /* another base */
		{ SPAN("\x0a\x04\x90\x03"), { 0 } }, /* too short */
		{ SPAN("\x0a\x02\x90\x03"), { 0 } }, /* too long */
		{ SPAN("\x0a\x01\x02z"), { 0 } },
		{ SPAN("\x0a\x01\x00z"), { 0 } },
		{ SPAN("\x0a"), { 0 } },
		{ SPAN(""), { 0 } },
		{ SPAN("\x0a\x80\x80\x80\x80\x80\x80\x80\x80"), { 0 } },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };
		bool ok = git_delta_apply(SPAN("0123456789"), rows[i].delta, 100, &out);
		assert_int_equal(ok, rows[i].result.at != NULL);
		assert_true(!ok || span_same(buf_view(&out), rows[i].result));
		assert_false(ok && git_delta_apply(SPAN("0123456789"), rows[i].delta, 0, &out));
		buf_finish(&out);
	}
}

/* No pipe is waited for, no link followed, nothing larger than asked for. */
static void files_test(void **state)
{
	struct git_world *w = *state;
	struct buf out = { 0 };
	char *pipe = world_at(w, "pipe"), *file = world_at(w, "file"), *link = world_at(w, "link"),
	     *none = world_at(w, "file/none");
	world_file(w, "file", "12345");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(git_file_read(file, 5, &out, NULL), GIT_FILE_READ);
	assert_int_equal(out.len, 5);
	assert_int_equal(git_file_read(file, 4, &out, NULL), GIT_FILE_ODD);
	assert_int_equal(git_file_read(pipe, 5, &out, NULL), GIT_FILE_ODD);
	assert_int_equal(git_file_read(link, 5, &out, NULL), GIT_FILE_ODD);
	assert_int_equal(git_file_read(w->base, 5, &out, NULL), GIT_FILE_ODD);
	assert_int_equal(git_file_read(none, 5, &out, NULL), GIT_FILE_ABSENT);
	buf_finish(&out);
	free(pipe);
	free(file);
	free(link);
	free(none);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(index_test),
		T(strange_index_test),
		T(damaged_index_test),
		T(objects_test),
		T(packs_test),
		T(damaged_object_test),
		T(false_object_test),
		T(refs_test),
		T(forms_test),
		T(files_test),
		cmocka_unit_test(config_test),
		cmocka_unit_test(delta_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
