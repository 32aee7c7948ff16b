/* Shell lines and their effects. */
#include "config.h"

#include "core/effects/command.h"
#include "tests/unit/effect_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *line, *text;
} rows[] = {
	/* one command */
	{ "ls -la", "read:list . | exec:readonly ls -la" },
	{ "cat README.md", "read README.md | exec:readonly cat README.md" },
	{ "wc -l src/*.ts", "read:tree:*.ts src | exec:readonly wc -l src/*.ts" },
	{ "cat packages/*/server.ts",
		"read:tree:*/server.ts packages | exec:readonly cat packages/*/server.ts" },
	{ "cat packages/*/config", "read:tree:* packages | exec:readonly cat packages/*/config" },
	{ "cat sec*/db.yaml", "read:tree:sec*/db.yaml . | exec:readonly cat sec*/db.yaml" },
	{ "grep -rn foo src/*", "read:tree:**/* src | exec:readonly grep -rn foo src/*" },
	{ "grep -rn foo packages/*/src",
		"read:tree:src packages | exec:readonly grep -rn foo packages/*/src" },
	{ "grep -r foo", "read:tree:**/* . | exec:readonly grep -r foo" },
	{ "grep -rn --include='*' foo .",
		"read:tree:**/* . | exec:readonly grep -rn '--include=*' foo ." },
	{ "lsof src", "read:list src | exec:readonly lsof src" },
	{ "yq ea . a.yml", "read . | read a.yml | exec:readonly ea . a.yml" },
	{ "cat /dev/zero", "read /dev/zero | exec:readonly cat /dev/zero" },
	{ "grep -n foo *.ts", "read:tree:*.ts . | exec:readonly grep -n foo *.ts" },
	{ "cat '/dev/null /dev/stdin' -",
		"read /dev/null /dev/stdin | exec:readonly cat '/dev/null /dev/stdin' -" },
	{ "grep foo *", "read:tree:* . | exec:readonly grep foo *" },
	{ "cat ~/.netrc", "read ~/.netrc@ | exec:readonly cat ~/.netrc" },
	{ "sort -o out.txt in.txt",
		"write:replace out.txt | read in.txt | exec:local sort -o out.txt in.txt" },
	{ "test -f package.json", "read:list package.json | exec:readonly test -f package.json" },
	{ "[ ! -d dist ]", "read:list dist | exec:readonly [ '!' -d dist ]" },
	{ "find src -type f -name '*.ts'",
		"read:list src | exec:readonly find src -type f -name '*.ts'" },
	{ "find . -name '*.go' -exec grep -l foo {} +",
		"read:list . | read:tree:*.go . | exec:readonly find . -name '*.go' -exec grep -l "
		"foo '{}' +" },
	{ "grep -rn --include='*.ts' x src",
		"read:tree:*.ts src | exec:readonly grep -rn '--include=*.ts' x src" },
	{ "rg -n foo", "read:tree . | exec:readonly rg -n foo" },
	{ "rg -u foo", "read:tree . | exec:readonly rg -u foo" },
	{ "rg -uu foo", "read:tree:**/* . | exec:readonly rg -uu foo" },
	{ "rg --hidden foo", "read:tree:**/* . | exec:readonly rg --hidden foo" },
	{ "rg -. -g '*.ts' foo", "read:tree:*.ts . | exec:readonly rg -. -g '*.ts' foo" },
	{ "rg --files -uu | xargs grep x",
		"read:list . | exec:readonly rg --files -uu | read:tree:**/* . | exec:readonly "
		"xargs "
		"grep x" },
	{ "rg -g '**/*' foo", "read:tree . | exec:readonly rg -g '**/*' foo" },
	{ "rg -g 'secrets/**' foo",
		"read:tree:secrets/** . | exec:readonly rg -g 'secrets/**' foo" },
	{ "rg -g '*.ts' -g '.env' foo src",
		"read:tree:*.ts src | exec:readonly rg -g '*.ts' -g .env foo src | read:tree:.env "
		"src" },
	{ "sed -n '1,120p' a.ts", "read a.ts | exec:readonly sed -n 1,120p a.ts" },
	{ "sed -i.bak 's/a/b/' a.ts",
		"write:edit a.ts | exec:local sed -i.bak s/a/b/ a.ts | write:replace a.ts.bak" },
	{ "sed -i '' -e 's/a/b/' a.ts", "write:edit a.ts | exec:local sed -i -e s/a/b/ a.ts" },
	{ "awk '$3 > 5 {print $1}' data",
		"read data | exec:readonly awk '$3 > 5 {print $1}' data" },
	{ "jq -r '.scripts.env' package.json",
		"read package.json | exec:readonly jq -r .scripts.env package.json" },
	{ "python3 --version", "exec:readonly python3 --version" },
	{ "/usr/bin/wc -l f", "read f | exec:readonly wc -l f" },
	/* files */
	{ "rm -rf build", "delete:tree build | exec:local rm -rf build" },
	{ "rm -rf build/*", "delete:tree:* build | exec:local rm -rf build/*" },
	{ "rm -rf ./", "destructive:rm ./ | delete:tree ./ | exec:local rm -rf ./" },
	{ "rm -rf ../*", "destructive:rm ../* | delete:tree:* .. | exec:local rm -rf ../*" },
	{ "rm -r /ws", "destructive:rm /ws | delete:tree /ws | exec:local rm -r /ws" },
	{ "rm a.ts", "delete:file a.ts | exec:local rm a.ts" },
	{ "cp a.ts b.ts docs",
		"read a.ts | read b.ts | write:replace docs/a.ts | write:replace docs/b.ts | "
		"exec:local cp a.ts b.ts docs" },
	{ "cp t.json .vscode/",
		"read t.json | write:replace .vscode/t.json | exec:local cp t.json .vscode/" },
	{ "cp -r src dst", "read:tree src | write:tree dst | exec:local cp -r src dst" },
	{ "mv a.ts b.ts && cat b.ts",
		"write:away a.ts | write:replace b.ts | exec:local mv a.ts b.ts | read b.ts late | "
		"exec:readonly cat b.ts" },
	{ "ln -s ../x docs/l", "write:link:/ws/docs/../x docs/l | exec:local ln -s ../x docs/l" },
	{ "ln -s ../x", "write:link:/ws/./../x ./x | exec:local ln -s ../x" },
	{ "chmod +x run.sh", "write:mode run.sh | exec:local chmod +x run.sh" },
	{ "chmod -R 755 bin", "write:tree bin | exec:local chmod -R 755 bin" },
	{ "tee -a log.txt /dev/stderr",
		"write:edit log.txt | exec:local tee -a log.txt /dev/stderr" },
	/* redirections */
	{ "echo x > out.txt 2>/dev/null", "exec:readonly echo x | write:replace out.txt" },
	{ "echo x >> out.txt 2>&1", "exec:readonly echo x | write:edit out.txt" },
	{ "wc -l < in.txt", "exec:readonly wc -l | read in.txt" },
	{ "cat > f.md <<'EOF'\ntext\nEOF", "exec:readonly cat | write:replace f.md" },
	{ "ls > *.txt", "unknown" },
	{ "printf y > /dev/pts/3",
		"exec:readonly printf y | self writes to a terminal | write:replace /dev/pts/3" },
	/* the working directory */
	{ "cd src && cat a.ts",
		"read:list src | exec:readonly cd src | read a.ts@/ws/src | exec:readonly cat "
		"a.ts" },
	{ "cd src && cd .. && cat a.ts",
		"read:list src | exec:readonly cd src | read:list ..@/ws/src | exec:readonly cd .. "
		"| read a.ts@/ws/src/.. | exec:readonly cat a.ts" },
	{ "cd src ; cat a.ts",
		"read:list src | exec:readonly cd src | read a.ts@/ws/src | exec:readonly cat a.ts "
		"| read a.ts | exec:readonly cat a.ts" },
	{ "cd /ws ; cat a.ts",
		"read:list /ws | exec:readonly cd /ws | read a.ts | exec:readonly cat a.ts" },
	{ "cd src && ls ; cat a.ts",
		"read:list src | exec:readonly cd src | read:list .@/ws/src | exec:readonly ls | "
		"read a.ts@/ws/src | exec:readonly cat a.ts | read a.ts | exec:readonly cat a.ts" },
	{ "cd src || cat a.ts",
		"read:list src | exec:readonly cd src | read a.ts@/ws/src | exec:readonly cat a.ts "
		"| read a.ts | exec:readonly cat a.ts" },
	{ "cd src ; cd b ; cat a.ts",
		"read:list src | exec:readonly cd src | read:list b@/ws/src | exec:readonly cd b | "
		"read a.ts@ | exec:readonly cat a.ts" },
	{ "cd src ; cd /ws/b && cat a.ts",
		"read:list src | exec:readonly cd src | read:list /ws/b | exec:readonly cd /ws/b | "
		"read a.ts@/ws/b | exec:readonly cat a.ts" },
	{ "cd src ; cd /ws/b ; cat a.ts",
		"read:list src | exec:readonly cd src | read:list /ws/b | exec:readonly cd /ws/b | "
		"read a.ts@ | exec:readonly cat a.ts" },
	{ "cd src > ../x",
		"read:list src | exec:readonly cd src | write:replace ../x" },
	{ "cd src || cd b > ../x",
		"read:list src | exec:readonly cd src | read:list b@/ws/src | exec:readonly cd b | "
		"write:replace ../x@/ws/src | write:replace ../x" },
	{ "cd src ; ls > x",
		"read:list src | exec:readonly cd src | read:list .@/ws/src | exec:readonly ls | "
		"write:replace x@/ws/src | read:list . | exec:readonly ls | write:replace x" },
	{ "cd src | cat a.ts",
		"read:list src | exec:readonly cd src | read a.ts@ | exec:readonly cat a.ts" },
	{ "cd && cat a.ts", "exec:unproven cd | unknown | read a.ts@ | exec:readonly cat a.ts" },
	{ "cd - && cat a.ts",
		"exec:unproven cd - | unknown | read a.ts@ | exec:readonly cat a.ts" },
	{ "cd ~/x && cat a.ts",
		"read:list ~/x@ | exec:unproven cd ~/x | unknown | read a.ts@ | exec:readonly cat "
		"a.ts" },
	/* wrappers */
	{ "timeout 60 wc -l f", "read f | exec:readonly wc -l f" },
	{ "timeout -k 5 10s rm f", "delete:file f | exec:local rm f" },
	{ "time -p ls", "read:list . | exec:readonly ls" },
	{ "timeout 5 cd src && ls",
		"exec:unproven timeout 5 cd src | unknown | read:list . | exec:readonly ls" },
	{ "find src -name '*.ts' | xargs grep -l x",
		"read:list src | exec:readonly find src -name '*.ts' | read:tree:*.ts src | "
		"exec:readonly xargs grep -l x" },
	{ "find src -type f | xargs cat",
		"read:list src | exec:readonly find src -type f | read:tree:* src | exec:readonly "
		"xargs cat" },
	{ "find src -name '*.ts' | head | xargs sed -n 1,5p",
		"read:list src | exec:readonly find src -name '*.ts' | exec:readonly head | "
		"read:tree:*.ts src | exec:readonly xargs sed -n 1,5p" },
	{ "rg -l foo src | xargs wc -l",
		"read:tree src | exec:readonly rg -l foo src | read:tree src | exec:readonly xargs "
		"wc -l" },
	{ "rg -l foo src | xargs sed -n 1p",
		"read:tree src | exec:readonly rg -l foo src | read:tree:* src | exec:readonly "
		"xargs sed -n 1p" },
	{ "rg -l foo | xargs sed -n 1p",
		"read:tree . | exec:readonly rg -l foo | exec:wide xargs sed -n 1p | unknown" },
	{ "ls -1d src/* | xargs wc -l",
		"read:list src | exec:readonly ls -1d src/* | read:tree src | exec:readonly xargs "
		"wc -l" },
	{ "echo /etc/passwd | xargs cat",
		"exec:readonly echo /etc/passwd | exec:wide xargs cat | unknown" },
	{ "find . | xargs rm",
		"read:list . | exec:readonly find . | exec:wide xargs rm | unknown" },
	{ "find . | sed 's/..//' | xargs cat",
		"read:list . | exec:readonly find . | exec:readonly sed s/..// | exec:wide xargs "
		"cat | unknown" },
	{ "find . | xargs -I{} sh -c 'cat {}'",
		"read:list . | exec:readonly find . | exec:wide xargs '-I{}' sh -c 'cat {}' | "
		"unknown" },
	/* interpreters */
	{ "python3 x.py", "read x.py | exec:unproven python3 x.py | unknown" },
	{ "python3 -c 'print(1)'", "exec:wide python3 -c 'print(1)' | unknown" },
	{ "bash -c ls", "exec:wide bash -c ls | unknown" },
	{ "echo ls | sh", "exec:readonly echo ls | exec:wide sh | unknown" },
	{ "python3 -m json.tool a.json",
		"read a.json | exec:readonly python3 -m json.tool a.json" },
	{ "./build/foo --x", "read ./build/foo | exec:unproven ./build/foo --x | unknown" },
	{ ".venv/bin/python -m unittest", "read .venv/bin/python | task:unittest:test unittest" },
	{ "foo", "exec:unproven foo | unknown" },
	{ "'ls'", "unknown" },
	/* what is refused still says what it is */
	{ "rm -rf / ; echo $(id)",
		"unknown | destructive:rm / | delete:tree / | exec:local rm -rf /" },
	{ "", "unknown" },
};

/* Each must stay held: it has an effect that policy never allows. */
static const char *const held[] = {
	"find . -name x -execdir sh {} +",
	"find . -delete",
	"find . -fprintf x y",
	"find . -exec rm {} +",
	"find . -exec sh -c 'cat {}' ;",
	"find -L . -name x",
	"find . -newerXY x",
	"find . -files0-from x",
	"sort --compress-program=./x f",
	"sort -T /x f",
	"sort --files0-from=x",
	"sort --outp=x f",
	"sort *",
	"sed -n p *.ts",
	"rg foo *.ts",
	"sort *.ts",
	"grep f* x",
	"uniq a b c",
	"xxd in -p -r out",
	"xxd a b",
	"rg --pre=./x f",
	"lsof +D /home/u",
	"lsof +d..",
	"ag --hidden x",
	"yq ea 'load_str(\"/etc/passwd\")' x.yml",
	"mv a.ts /dev/null",
	"rg -z f",
	"rg --hostname-bin ./x f",
	"rg -L f",
	"rg --search-zip f",
	"sed -n 'r /etc/passwd' f",
	"sed 'w x' f",
	"sed 's/a/b/w x' f",
	"sed 's/a/b/e' f",
	"sed '1e id' f",
	"sed e f",
	"sed -f x f",
	"sed 's/[/]/w x/' f",
	"sed 's,a,b,;w x' f",
	"sed -n '/a/w x' f",
	"sed -e 'a\\' -e 'w x' f",
	"sed '$!{w x\n}' f",
	"sed --in-place=*.bak s/a/b/ f",
	"sed -n '1p;W x' f",
	"sed 's/a/b/ge' f",
	"sed 'y/a/b/;e' f",
	"awk 'BEGIN{sys"
	"tem(\"id\")}'",
	"awk '{print > \"x\"}' f",
	"awk '{print | \"sh\"}' f",
	"awk '{\"id\" | getline}' f",
	"awk -f x f",
	"awk '{print ENVIRON[\"X\"]}' f",
	"awk 'BEGIN{ARGV[1]=\"x\"}' f",
	"awk '@load \"x\"' f",
	"awk '{ if (1) /\"/ ; print > \"x\" ; \"/\" }' f",
	"awk '{ x = 5./ x; sys"
	"tem(\"id\") / 1 }' f",
	"awk 'BEGIN{for(print \"a\" > \"x\";;) exit}'",
	"awk '{exit /\"/ ; print > \"x\" ; \"/\"}' f",
	"awk '{print >> \"x\"}' f",
	"awk '{printf(\"a\") > \"x\"}' f",
	"awk 1 FILE=x f",
	"awk '{# }\nprint > \"x\"}' f",
	"awk '{print a++ /\"/ ; b}' f",
	"jq env x",
	"jq '$ENV.X' x",
	"jq '\"\\(env)\"' x",
	"jq -f x y",
	"jq -L x . y",
	"jq 'import \"a\" as a; .' x",
	"jq '..env' x",
	"yq 'load(\"x\")' f",
	"yq -i . f",
	"yq '.a = strenv(X)' f",
	"yq -s .a f",
	"tree -o x",
	"tree -R -L 1",
	"tar xf x",
	"tar cf x y",
	"tar tf x --checkpoint-action=exec=y",
	"tar -tIf x",
	"unzip x",
	"unzip -o x -d /",
	"date 01020304",
	"date -s x",
	"date --set=x",
	"hostname evil",
	"ps auxe",
	"ps -auxe",
	"ps aux e",
	"ps -o environ",
	"ps -E",
	"test -v 'a[$(id)]'",
	"[ 'a[0]' -eq 1 ]",
	"[ a",
	"test a -o b",
	"printf -v PATH x",
	"base64 -o x y",
	"file -C -m x",
	"less f",
	"man ls",
	"vim f",
	"diff -l a b",
	"bat --pager=./x f",
	"grep --fil=x y",
	"rm -rf --no-preserve-root /x",
	"rm -f *",
	"cp a",
	"cp a b*",
	"cp -t x y",
	"cp --parents a b",
	"cp -s a b",
	"mv a",
	"mv -S x a b",
	"ln -s a b c",
	"chmod 4755 f",
	"chmod u+s f",
	"chmod --reference=x f",
	"truncate -s 0 f",
	"dd if=a of=b",
	"shred f",
	"touch",
	"touch '' ",
	"cat '' f",
	"cat f$?",
	"install a b",
	"split f",
	"csplit f 1",
	"tee",
	"export A=b",
	"alias ls=rm",
	"source x",
	". x",
	"eval ls",
	"exec ls",
	"sudo ls",
	"env",
	"env rm x",
	"printenv",
	"printenv HOME",
	"nohup ls",
	"nice ls",
	"stdbuf -o0 ls",
	"watch ls",
	"parallel ls",
	"busybox ls",
	"command ls",
	"builtin cd",
	"trap ls EXIT",
	"set -f",
	"set",
	"set -o vi",
	"set -- a",
	"unset PATH",
	"hash -p x ls",
	"enable -f x y",
	"read x",
	"let x=1",
	"declare -x A=b",
	"timeout ls",
	"timeout 5",
	"timeout --foo 5 ls",
	"timeout 5 env",
	"timeout 5 sh -c ls",
	"time",
	"time sudo ls",
	"timeout 5 'ls'",
	"xargs",
	"xargs ls",
	"ls | xargs cat",
	"find . | xargs -a x cat",
	"find . | xargs -I{} grep {} x{}",
	"bash",
	"bash x.sh",
	"bash -lc ls",
	"sh < x",
	"python3",
	"python3 -",
	"python3 -i x.py",
	"python3 -m http.server",
	"python3 -m pip install x",
	"node -e 1",
	"node",
	"node x.js",
	"perl -e 1",
	"ruby -e 1",
	"php -r 1",
	"osascript -e x",
	"tsx x.ts",
	"gdb -ex x",
	"bash -n",
	"bin/ls",
	"../ls",
	"~/bin/ls",
	"/usr/bin/env ls",
	"/usr/local/bin/ls",
	"node_modules/.bin/x",
	"LS",
	"l?",
	"xxd -pl /etc/passwd",
	"xxd -pr x",
	"strings @x",
	"nm @x",
	"objdump -j @x a",
	"tar tf host:x",
	"grep -R x .",
	"ls -L x",
	"cp -rL a b",
	".venv/bin/python --version",
	".venv/bin/python -m json.tool x",
	"ls -I /etc",
	"yq -i e . x",
	"md5sum -c x",
	"sha256sum --check x",
	"gzip f",
	"gunzip f",
	"pushd x",
	"popd",
	"cd",
	"cd a b",
	"cd -P x",
	"cd +1",
	"cd s*",
};

static struct effects effects_of(const char *line)
{
	struct effects effects = { 0 };
	shell_effects(&effects, "command", span_of(line), "/ws");
	return effects;
}

static void lines(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = effects_of(rows[i].line);
		struct buf text = { 0 };
		effect_text(&text, &effects, "/ws");
		if (strcmp(buf_cstr(&text), rows[i].text) != 0) {
			print_error("%s\n  gives %s\n  not   %s\n", rows[i].line, buf_cstr(&text),
				rows[i].text);
			wrong++;
		}
		buf_finish(&text);
		effects_finish(&effects);
	}
	assert_int_equal(wrong, 0);
}

static bool is_held(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		if (e->kind == EFFECT_UNKNOWN || e->kind == EFFECT_DESTRUCTIVE ||
			e->kind == EFFECT_INSTALL ||
			(e->kind == EFFECT_EXEC && strcmp(e->how, "readonly") != 0 &&
				strcmp(e->how, "local") != 0)) {
			return true;
		}
	}
	return false;
}

static void what_is_not_proven_is_held(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT_OF(held); i++) {
		struct effects effects = effects_of(held[i]);
		if (!is_held(&effects)) {
			print_error("not held: %s\n", held[i]);
			wrong++;
		}
		effects_finish(&effects);
	}
	assert_int_equal(wrong, 0);
}

/* Whatever is joined to a held line, and however, it stays held. */
static void a_held_part_holds_the_line(void **state)
{
	(void)state;
	static const char *const joins[] = { " && ls", " ; ls", " | cat", " || true" };
	for (size_t i = 0; i < COUNT_OF(held); i++) {
		for (size_t k = 0; k < COUNT_OF(joins); k++) {
			struct buf line = { 0 };
			buf_printf(&line, "pwd && %s%s", held[i], joins[k]);
			struct effects effects = effects_of(buf_cstr(&line));
			assert_true(is_held(&effects));
			effects_finish(&effects);
			buf_finish(&line);
		}
	}
}

static void every_command_is_accounted_for(void **state)
{
	(void)state;
	struct effects effects = effects_of("echo a && cat b | wc -l ; true");
	unsigned seen = 0;
	for (size_t i = 0; i < effects.count; i++) {
		seen |= effects.list[i].kind == EFFECT_EXEC ? 1U << effects.list[i].part : 0;
	}
	assert_int_equal(seen, 0x1e);
	effects_finish(&effects);
}

static void an_argv_is_no_shell(void **state)
{
	(void)state;
	const struct shell_word argv[] = { { .text = "cat", .len = 3 },
		{ .text = "a && rm b", .len = 9 } };
	struct effects effects = { 0 };
	struct buf text = { 0 };
	argv_effects(&effects, "args", argv, 2, "/ws");
	effect_text(&text, &effects, "/ws");
	assert_string_equal(buf_cstr(&text), "read a && rm b | exec:readonly cat 'a && rm b'");
	assert_int_equal(effects.list[0].part, 0);
	buf_finish(&text);
	effects_finish(&effects);
}

/* A task that an earlier command of the line may have defined anew is late. */
static void what_a_line_changes_makes_later_facts_late(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		bool late;
	} cases[] = {
		{ "python3 -m unittest", false },
		{ "sed -i s/a/b/ Makefile && python3 -m unittest", true },
		{ "echo x > package.json ; python3 -m unittest", true },
		{ "cp a b ; python3 -m unittest", true },
		{ "mkdir out && python3 -m unittest", false },
		{ "sed -i s/a/b/ src/a.ts && python3 -m unittest", false },
		{ "rm -rf build && python3 -m unittest", false },
		{ "rm Makefile && python3 -m unittest", true },
		{ "python3 -m unittest > out.json", false },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct effects effects = effects_of(cases[i].line);
		bool late = false;
		for (size_t k = 0; k < effects.count; k++) {
			late |= effects.list[k].kind == EFFECT_TASK && effects.list[k].late;
		}
		assert_int_equal(late, cases[i].late);
		effects_finish(&effects);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(what_is_not_proven_is_held),
		cmocka_unit_test(a_held_part_holds_the_line),
		cmocka_unit_test(every_command_is_accounted_for),
		cmocka_unit_test(an_argv_is_no_shell),
		cmocka_unit_test(what_a_line_changes_makes_later_facts_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
