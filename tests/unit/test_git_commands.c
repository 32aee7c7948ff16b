/* What the commands of git do that seem harmless: those that are, those that are not, and why. */
#include "config.h"

#include "tests/unit/git_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every one of these only looks. */
// clang-format off
static const struct git_line looking[] = {
	{ "git status", "readonly" },
	{ "git status --short", "readonly" },
	{ "git status -sb", "readonly" },
	{ "git status -uno --porcelain=v2", "readonly" },
	{ "git --no-pager log --oneline -n 20", "readonly" },
	{ "git diff", "readonly" },
	{ "git diff --cached --stat", "readonly" },
	{ "git diff HEAD~1 -- src/index.ts", "read src/index.ts, readonly" },
	{ "git diff main...HEAD --stat -- . ':!.entire'", "read ., readonly" },
	{ "git diff 706e2e3..5203bae --name-only", "readonly" },
	{ "git diff --name-only --diff-filter=U", "readonly" },
	{ "git diff -U10 -w src", "read src, readonly" },
	{ "git diff --word-diff=color -M50% HEAD^ HEAD", "readonly" },
	{ "git diff -- '*.ts'", "read . tree *.ts, readonly" },
	{ "git diff .env", "read .env, readonly" },
	{ "git diff -- config/.env", "read config/.env, readonly" },
	{ "git diff HEAD:.env", "read .env, readonly" },
	{ "git diff /dev/null /home/u/.netrc", "read /home/u/.netrc, readonly" },
	{ "git diff /home/u/.netrc -- README.md", "read /home/u/.netrc, read README.md, readonly" },
	{ "git log --oneline main..HEAD", "readonly" },
	{ "git log -1 --format='%an <%ae>'", "readonly" },
	{ "git log --author=alice --since '2 weeks ago' -n5", "readonly" },
	{ "git log -p -- .env", "read .env, readonly" },
	{ "git log -L 10,20:src/a.c", "read src/a.c, readonly" },
	{ "git log --graph --all --decorate", "readonly" },
	{ "git log --grep '-x' HEAD", "readonly" },
	{ "git show --stat HEAD", "readonly" },
	{ "git show main:README.md", "read README.md, readonly" },
	{ "git show HEAD:.env", "read .env, readonly" },
	{ "git show :0:.env", "read .env, readonly" },
	{ "git show HEAD:../package.json", "read ../package.json, readonly" },
	{ "git show HEAD~3^2", "readonly" },
	{ "git blame -L 10,20 -w src/a.c", "read src/a.c, readonly" },
	{ "git annotate src/a.c", "read src/a.c, readonly" },
	{ "git shortlog -sn HEAD", "readonly" },
	{ "git grep -n FOUND", "readonly" },
	{ "git grep -ne FOUND -e LATER -- src", "read src tree, readonly" },
	{ "git grep foo .env", "read .env, readonly" },
	{ "git grep foo HEAD -- .env", "read .env tree, readonly" },
	{ "git grep --untracked foo", "read . tree **/*, readonly" },
	{ "git grep \\( -e a --and -e b \\)", "readonly" },
	{ "git ls-files", "readonly" },
	{ "git ls-files -o --exclude-standard docs", "read docs list, readonly" },
	{ "git ls-tree -r HEAD src", "readonly" },
	{ "git cat-file -p HEAD", "readonly" },
	{ "git cat-file blob HEAD:.env", "read .env, readonly" },
	{ "git cat-file --batch-check", "readonly" },
	{ "git rev-parse --abbrev-ref HEAD", "readonly" },
	{ "git rev-parse --show-toplevel", "readonly" },
	{ "git describe --tags --always", "readonly" },
	{ "git merge-base HEAD main", "readonly" },
	{ "git show-ref --heads", "readonly" },
	{ "git for-each-ref --sort=-committerdate --format='%(refname:short)' refs/heads",
		"readonly" },
	{ "git branch", "readonly" },
	{ "git branch -a --list 'entire/*'", "readonly" },
	{ "git branch -vv", "readonly" },
	{ "git branch --show-current", "readonly" },
	{ "git branch --merged main", "readonly" },
	{ "git branch --contains HEAD", "readonly" },
	{ "git tag", "readonly" },
	{ "git tag -l 'v1.*' --sort=-v:refname", "readonly" },
	{ "git tag -n5", "readonly" },
	{ "git tag --points-at HEAD", "readonly" },
	{ "git reflog", "readonly" },
	{ "git reflog -5", "readonly" },
	{ "git reflog show main", "read main, readonly" },
	{ "git stash list", "readonly" },
	{ "git stash show -p stash@{0}", "readonly" },
	{ "git stash show -p -- .env", "read .env, readonly" },
	{ "git stash show -p 'stash@{0}'", "readonly" },
	{ "git remote -v", "readonly" },
	{ "git remote show", "readonly" },
	{ "git remote show -n origin", "readonly" },
	{ "git remote get-url origin", "readonly" },
	{ "git config --get user.name", "readonly" },
	{ "git config user.email", "readonly" },
	{ "git config --get remote.origin.url", "readonly" },
	{ "git config get core.editor", "readonly" },
	{ "git worktree list --porcelain", "readonly" },
	{ "git submodule status", "readonly" },
	{ "git submodule", "readonly" },
	{ "git notes show HEAD", "readonly" },
	{ "git bisect log", "readonly" },
	{ "git symbolic-ref --short HEAD", "readonly" },
	{ "git symbolic-ref refs/remotes/origin/HEAD", "readonly" },
	{ "git check-ignore -v dist", "read dist list, readonly" },
	{ "git count-objects -vH", "readonly" },
	{ "git fsck --full", "readonly" },
	{ "git hash-object README.md", "read README.md, readonly" },
	{ "git format-patch --stdout -1 HEAD", "readonly" },
	{ "git apply --check fix.patch", "read fix.patch, readonly" },
	{ "git update-index --refresh", "readonly" },
	{ "git ls-remote --get-url origin", "readonly" },
	{ "git rev-list --count main..HEAD", "readonly" },
	{ "git diff-tree --no-commit-id --name-only -r HEAD", "readonly" },
	{ "git push -h", "readonly" },
	{ "git log --help", "readonly" },
	{ "git help log", "readonly" },
	{ "git var GIT_AUTHOR_IDENT", "readonly" },
	{ "git -C packages/api status", "readonly @/ws/packages/api" },
	{ "git -C /home/u/other status", "readonly @/home/u/other" },
	{ "git -C packages -C api log -1", "readonly @/ws/packages/api" },
	{ "git -c color.ui=always -c core.pager=cat diff", "readonly" },
	{ "git -c user.name=Bot -c user.email=bot@example.org commit -m x",
		"local, branch '' commit" },
	{ "git status 2>/dev/null", "readonly" },
};
// clang-format on

/* Options and sub-commands by which a command that seems harmless is not. */
// clang-format off
static const struct git_line flags[] = {
	{ "git -c core.pager='sh x.sh' -p log", "wide" },
	{ "git -c alias.x='!id' x", "wide" },
	{ "git -ccore.fsmonitor=./x status", "wide" },
	{ "git -c core.pager log", "wide" },
	{ "git -c core.pager='less -R' log", "wide" },
	{ "git -c color.ui='$(id)' log", "wide" },
	{ "git -c include.path=x status", "wide" },
	{ "git -c push.default=upstream push", "wide" },
	{ "git --config-env=core.pager=X log", "wide" },
	{ "git --exec-path=./x status", "wide" },
	{ "git --git-dir=/tmp/r/.git --work-tree=/ status", "wide" },
	{ "git --work-tree=/ status", "wide" },
	{ "git -p log", "wide" },
	{ "git --paginate log", "wide" },
	{ "git --namespace=x status", "wide" },
	{ "git -C", "wide" },
	{ "git diff --output=/home/u/.bashrc", "unproven" },
	{ "git diff --outp=x", "unproven" },
	{ "git log --output x", "read x, unproven" },
	{ "git show --output=src/x HEAD", "unproven" },
	{ "git diff --ext-diff", "wide" },
	{ "git diff --no-index /dev/null /home/u/.netrc", "read /home/u/.netrc, unproven" },
	{ "git diff --textconv", "wide" },
	{ "git log --ext-diff -p", "wide" },
	{ "git log --show-signature", "unproven" },
	{ "git log --format=%GK", "unproven" },
	{ "git log --stdin", "unproven" },
	{ "git grep -O./x foo", "read foo, wide" },
	{ "git grep --open-files-in-pager=./x foo", "read foo, wide" },
	{ "git grep --open=./x foo", "read foo, wide" },
	{ "git grep --no-index foo /etc", "read foo, read /etc, unproven" },
	{ "git grep --textconv foo", "read foo, wide" },
	{ "git ls-remote --upload-pack=./x .", "wide" },
	{ "git ls-remote --upload-p=./x origin", "wide" },
	{ "git fetch --upload-pack=./x origin", "wide" },
	{ "git fetch --upload-p=./x origin", "wide" },
	{ "git fetch origin", "tool git fetch read git, local" },
	{ "git fetch --all --prune", "tool git fetch read git, local" },
	{ "git fetch . x:main", "branch main move, net . odd, wide" },
	{ "git fetch origin +refs/heads/x:refs/remotes/origin/x", "unproven" },
	{ "git fetch ext::sh -c id", "wide" },
	{ "git fetch https://evil.example/r.git",
		"net https://evil.example/r.git remote evil.example, wide" },
	{ "git clone 'ext::sh -c id' x", "net ext::sh -c id odd, write x tree, wide" },
	{ "git clone https://u:p@GitHub.com:443/a/b.git",
		"net https://u:p@GitHub.com:443/a/b.git remote github.com, wide" },
	{ "git clone git@github.com:a/b.git dir",
		"net git@github.com:a/b.git remote github.com, write dir tree, wide" },
	{ "git clone -c core.sshCommand=./x https://github.com/a/b", "wide" },
	{ "git clone --template=./x https://github.com/a/b", "wide" },
	{ "git clone -u ./x https://github.com/a/b", "wide" },
	{ "git archive --remote=. --exec=./x HEAD", "wide" },
	{ "git archive -o /home/u/x.tar HEAD", "wide" },
	{ "git bundle create /home/u/x.bundle HEAD", "unproven" },
	{ "git format-patch -o /tmp HEAD~3", "wide" },
	{ "git format-patch -1", "unproven" },
	{ "git difftool -y -x ./x main", "wide" },
	{ "git mergetool", "wide" },
	{ "git rebase -x ./x main", "wide" },
	{ "git rebase --exec=./x main", "wide" },
	{ "git rebase -i HEAD~3", "wide" },
	{ "git bisect run ./x", "wide" },
	{ "git bisect start", "branch '' move bisect, wide" },
	{ "git submodule foreach ./x", "wide" },
	{ "git submodule --quiet foreach ./x", "unproven" },
	{ "git submodule update --init", "unproven" },
	{ "git filter-branch --tree-filter ./x", "wide" },
	{ "git branch --edit-description", "write .git/config edit, unproven" },
	{ "git config --local core.hooksPath tools/hooks", "write .git/config edit, unproven" },
	{ "git config core.fsmonitor ./x", "write .git/config edit, unproven" },
	{ "git config core.fsmonitor --get", "write .git/config edit, unproven" },
	{ "git config --global alias.x '!id'", "write ~/.gitconfig edit @, unproven" },
	{ "git config set core.pager ./x", "write .git/config edit, unproven" },
	{ "git config --unset user.name", "write .git/config edit, unproven" },
	{ "git config --list", "unproven" },
	{ "git config -l", "unproven" },
	{ "git config --get http.extraheader", "unproven" },
	{ "git config --get-regexp '.*'", "unproven" },
	{ "git config --file /home/u/.netrc --get a.b", "unproven" },
	{ "git config edit", "write .git/config edit, unproven" },
	{ "git blame --contents /home/u/.netrc README.md",
		"read /home/u/.netrc, read README.md, unproven" },
	{ "git hash-object -w /home/u/.ssh/id_rsa", "read /home/u/.ssh/id_rsa, unproven" },
	{ "git hash-object /home/u/.ssh/id_rsa", "read /home/u/.ssh/id_rsa, readonly" },
	{ "git apply --unsafe-paths x.patch", "wide" },
	{ "git apply x.patch", "read x.patch, wide" },
	{ "git am x.patch", "branch '' move am, wide" },
	{ "git update-index --assume-unchanged a", "wide" },
	{ "git worktree add ../outside main", "write ../outside tree, unproven" },
	{ "git worktree add -b feature/y wt", "write wt tree, branch feature/y create, unproven" },
	{ "git worktree add -B main wt", "write wt tree, branch main move, unproven" },
	{ "git commit -m x --no-verify", "wide" },
	{ "git commit -nm x", "wide" },
	{ "git commit -m x -S", "wide" },
	{ "git commit", "wide, branch '' commit" },
	{ "git commit --amend", "wide, branch '' commit amend" },
	{ "git commit -m x --edit", "wide" },
	{ "git commit -c HEAD", "wide" },
	{ "git commit --interactive", "wide" },
	{ "git commit --fixup=amend:HEAD", "wide, branch '' commit" },
	{ "git add -f .env", "read .env, unproven" },
	{ "git add --force .env", "read .env, unproven" },
	{ "git add -p", "unproven" },
	{ "git add -i", "unproven" },
	{ "git add -e", "unproven" },
	{ "git add --pathspec-from-file=x", "unproven" },
	{ "git add ':(glob)**'", "unproven" },
	{ "git read-tree HEAD", "unproven" },
	{ "git checkout-index -a", "unproven" },
	{ "git cat-file --batch", "unproven" },
	{ "git cat-file --textconv HEAD:a", "read a, wide" },
	{ "git reflog -5 expire", "wide" },
	{ "git log -h x", "read x, unproven" },
	{ "git foo", "unproven" },
	{ "git st", "unproven" },
	{ "git 'log' --no-such", "unproven" },
	{ "git lo", "unproven" },
	{ "git send-email x.patch", "wide" },
	{ "git credential fill", "wide" },
	{ "git interpret-trailers --in-place x", "wide" },
	{ "git help -w log", "unproven" },
	{ "git help gitx/../.env", "unproven" },
	{ "git remote -v update", "unproven" },
	{ "git remote update", "unproven" },
	{ "git notes add -m x", "unproven" },
	{ "git lfs pull", "unproven" },
	{ "git remote add evil https://x.example/r.git", "write .git/config edit, unproven" },
	{ "git remote set-url origin https://x.example/r.git", "write .git/config edit, unproven" },
	{ "git remote show origin", "unproven" },
	{ "git ls-remote --heads origin", "unproven" },
	{ "git log -$?", "unproven" },
	{ "git log *x", "read . tree *x, unproven" },
	{ "git show $?", "unknown a path that is not certain 0, unproven" },
};
// clang-format on

static void test_looking(void **state)
{
	(void)state;
	git_lines_check(looking, COUNT_OF(looking));
}

static void test_flags(void **state)
{
	(void)state;
	git_lines_check(flags, COUNT_OF(flags));
}

/* Beginning of the reason, as it is said for the first thing that is not proven. */
// clang-format off
static const struct git_line reasons[] = {
	{ "git diff --output=x", "--output makes git diff write a file" },
	{ "git log --outp=x", "--outp may be short for --output, which makes git log write" },
	{ "git diff --ext-diff", "--ext-diff makes git diff run a program" },
	{ "git show --textconv", "--textconv makes git show run a program" },
	{ "git diff --no-index a b", "--no-index makes git diff read any two files" },
	{ "git grep -O./x foo", "-O makes git grep run a program" },
	{ "git grep --open=x foo", "--open may be short for --open-files-in-pager, " },
	{ "git fetch --upload-p=./x origin", "--upload-p may be short for --upload-pack" },
	{ "git push --no-verify origin x", "--no-verify makes git push skip the hooks" },
	{ "git commit -m x --no-verify", "--no-verify makes git commit skip the hooks" },
	{ "git add -f .env", "-f makes git add leave out a safeguard" },
	{ "git log --no-such", "the option --no-such of git log is not known" },
	{ "git log -Z", "the option -Z of git log is not known" },
	{ "git log -n x", "the value of -n of git log is not proven" },
	{ "git -c a.b=c status", "-c in front of git's sub-command changes what it does" },
	{ "git foo", "git foo is not known; it may be an alias that runs a program" },
	{ "git commit", "git commit without a message opens an editor" },
	{ "git submodule foreach x", "git submodule foreach runs the program that it is given" },
	{ "git reflog -5 expire", "git reflog has another sub-command behind its options" },
	{ "git push origin HEAD:refs/for/main",
		"git push: what HEAD:refs/for/main does is not known" },
	{ "hub merge x", "hub acts on GitHub as you" },
};
// clang-format on

static void test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		struct effects effects = { 0 };
		const char *why = "";
		shell_effects(&effects, "command", span_of(reasons[i].text), "/ws");
		for (size_t k = 0; k < effects.count; k++) {
			if (effects.list[k].kind == EFFECT_UNKNOWN) {
				why = effects.list[k].given;
			}
		}
		if (strncmp(why, reasons[i].effects, strlen(reasons[i].effects)) != 0) {
			fail_msg("%s\n  got:      %s\n  expected: %s", reasons[i].text, why,
				reasons[i].effects);
		}
		effects_finish(&effects);
	}
}

/* Nothing is said about a repository by a git that looks at none. */
static void test_nowhere(void **state)
{
	static const char *const nowhere[] = { "git", "git --version", "git --help" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(nowhere); i++) {
		struct effects effects = { 0 };
		shell_effects(&effects, "command", span_of(nowhere[i]), "/ws");
		assert_int_equal(effects.count, 1);
		assert_int_equal(effects.list[0].kind, EFFECT_EXEC);
		assert_string_equal(effects.list[0].how, "readonly");
		effects_finish(&effects);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
