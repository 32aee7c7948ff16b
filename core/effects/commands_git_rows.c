/*
 * Every sub-command of git that is known: what reads it, its options, and why it is held.
 *
 * Data only. Taken from the manual pages of git 2.39 to 2.51; whether an option has a value is
 * checked against git itself by tests/unit/test_git_options.c, where git is installed. Options
 * that write, run programs or reach elsewhere are left out: what is not here is not proven.
 */
#include "config.h"

#include "core/effects/commands_git.h"

/* git-diff-options; -O names a file of patterns */
#define DIFF \
	" -p -u -s -U=n -R -a -b -w -W -D -z -t -r -0 -1 -2 -3 -B= -M= -C= -X= -l:n -S:t -G:t " \
	"-O:r" \
	" -I:t --patch --no-patch --unified=n --raw --patch-with-raw --patch-with-stat" \
	" --indent-heuristic --no-indent-heuristic --minimal --patience --histogram --anchored:t" \
	" --diff-algorithm: --stat= --stat-width: --stat-name-width: --stat-graph-width:" \
	" --stat-count: --compact-summary --no-compact-summary --numstat --shortstat --dirstat=" \
	" --cumulative --dirstat-by-file= --summary --name-only --name-status --submodule= " \
	"--color=" \
	" --no-color --color-moved= --no-color-moved --color-moved-ws: --no-color-moved-ws" \
	" --word-diff= --word-diff-regex:t --color-words= --no-renames --renames --rename-empty" \
	" --no-rename-empty --check --ws-error-highlight: --full-index --no-full-index --binary" \
	" --abbrev= --no-abbrev --break-rewrites= --find-renames= --find-copies=" \
	" --find-copies-harder --irreversible-delete --diff-filter: --find-object: --pickaxe-all" \
	" --no-pickaxe-all --pickaxe-regex --skip-to: --rotate-to: --relative= --no-relative" \
	" --text --no-text --ignore-cr-at-eol --ignore-space-at-eol --ignore-space-change" \
	" --ignore-all-space --ignore-blank-lines --ignore-matching-lines:t " \
	"--inter-hunk-context:n" \
	" --function-context --no-function-context --exit-code --quiet --no-ext-diff" \
	" --no-textconv --ignore-submodules= --src-prefix:t --dst-prefix:t --line-prefix:t" \
	" --no-prefix --default-prefix --ita-invisible-in-index --ita-visible-in-index" \
	" --cc --combined-all-paths "

/* git-rev-list: which commits, and in which order */
#define REVISIONS \
	" -n:n -# -g -i -E -F -P --max-count:n --skip:n --since:t --after:t --until:t --before:t" \
	" --since-as-filter:t --max-age:n --min-age:n --author:t --committer:t --grep-reflog:t" \
	" --grep:t --all-match --invert-grep --regexp-ignore-case --basic-regexp" \
	" --extended-regexp --fixed-strings --perl-regexp --remove-empty --merges --no-merges" \
	" --min-parents= --max-parents= --no-min-parents --no-max-parents --first-parent" \
	" --exclude-first-parent-only --not --all --branches= --tags= --remotes= --glob: " \
	"--exclude:" \
	" --exclude-hidden: --reflog --alternate-refs --single-worktree --ignore-missing --bisect" \
	" --cherry-mark --cherry-pick --left-only --right-only --cherry --walk-reflogs --merge" \
	" --boundary --simplify-by-decoration --show-pulls --full-history --dense --sparse" \
	" --simplify-merges --ancestry-path= --date-order --author-date-order" \
	" --topo-order --reverse --no-walk= --do-walk --left-right --parents --children" \
	" --show-linear-break= --maximal-only "

/* git-log: how a commit is shown */
#define COMMITS \
	" -c -m -q --pretty= --format= --abbrev-commit --no-abbrev-commit --oneline --encoding:" \
	" --expand-tabs= --no-expand-tabs --notes= --no-notes --show-notes= " \
	"--show-notes-by-default" \
	" --standard-notes --no-standard-notes --relative-date --date: --graph --no-graph" \
	" --diff-merges: --no-diff-merges --remerge-diff --dd --follow --no-follow --no-decorate" \
	" --decorate= --decorate-refs: --decorate-refs-exclude: --clear-decorations --source" \
	" --mailmap --no-mailmap --use-mailmap --no-use-mailmap --full-diff --log-size -L:t" \
	" --no-show-signature --root --always --no-commit-id --early-output= "

#define LOG DIFF REVISIONS COMMITS

/* git-branch, git-tag and git-for-each-ref: which refs are listed */
#define REFS \
	" --sort:t --format:t --color= --no-color --points-at: --merged:? --no-merged:?" \
	" --contains:? --no-contains:? --ignore-case --omit-empty --column= --no-column "

/* options of rows whose every form is held: only words for people depend on them */
#define MOVING \
	" -q -v -n -x -m:t -F:r -X: --quiet --verbose --ff --no-ff --ff-only --commit" \
	" --no-commit --no-edit --stat --no-stat --squash --no-squash --no-verify-signatures" \
	" --message:t --file:r --allow-unrelated-histories --log= --no-log --signoff --no-signoff" \
	" --autostash --no-autostash --strategy-option: --progress --no-progress --abort" \
	" --continue --skip --quit --mainline:n --allow-empty --keep-redundant-commits" \
	" --rerere-autoupdate --no-rerere-autoupdate --conflict: --cleanup: --into-name: "

static const char drops[] = "commits that no branch holds any more";

// clang-format off
const struct git_row git_rows[] = {
	/* what only looks */
	{ "status", git_read_paths, "-s -b -v -u= -z --short --branch --show-stash --porcelain="
		" --long --verbose --untracked-files= --no-untracked-files --ignore-submodules="
		" --ignored= --column= --no-column --ahead-behind --no-ahead-behind --renames"
		" --no-renames --find-renames= --null", -1, NULL },
	{ "diff", git_read_only, "--cached --staged --merge-base --base --ours --theirs"
		" --no-cached " DIFF, -1, NULL },
	{ "log", git_read_only, LOG, -1, NULL },
	{ "show", git_read_only, LOG, -1, NULL },
	{ "whatchanged", git_read_only, LOG, -1, NULL },
	{ "rev-list", git_read_only, "--count --objects --objects-edge --objects-edge-aggressive"
		" --timestamp --header --disk-usage= --use-bitmap-index --filter= --no-filter"
		" --no-object-names --object-names --unpacked --progress= --in-commit-order"
		" --no-commit-header --commit-header --missing= --bisect-vars --bisect-all"
		" --quiet " LOG, -1, NULL },
	{ "diff-tree", git_read_only, "-v --merge-base " LOG, -1, NULL },
	{ "diff-index", git_read_only, "--cached --merge-base " LOG, -1, NULL },
	{ "diff-files", git_read_only, "--base --ours --theirs " LOG, -1, NULL },
	{ "range-diff", git_read_only, "--creation-factor:n --no-dual-color --left-only"
		" --right-only --no-notes --notes= --diff-merges= --remerge-diff " DIFF, -1, NULL },
	{ "blame", git_read_only, "-b -l -t -p -s -e -f -n -w -c -L:t -S:r -M= -C= --root"
		" --no-root --show-stats --reverse= --porcelain --line-porcelain --incremental"
		" --encoding: --show-email --show-name --show-number --progress --no-progress"
		" --date:t --score-debug --abbrev= --color-lines --color-by-age --ignore-rev:"
		" --ignore-revs-file:r --first-parent --since:t --minimal --no-color-lines"
		" --no-color-by-age", 3, NULL },
	{ "annotate", git_read_only, "-b -l -t -p -s -e -f -n -w -L:t -M= -C= --root --porcelain"
		" --line-porcelain --date:t --abbrev=", 3, NULL },
	{ "shortlog", git_read_only, "-n -s -e -c -w= --numbered --summary --email --committer"
		" --group: " LOG, -1, NULL },
	{ "cherry", git_read_only, "-v --verbose --abbrev=", 3, NULL },
	{ "ls-files", git_read_paths, "-c -d -m -o -i -s -u -k -z -t -v -f -x:t -X:r --cached"
		" --deleted --modified --others --ignored --stage --directory --no-directory"
		" --no-empty-directory --empty-directory --unmerged --killed --exclude:t"
		" --exclude-from:r --exclude-standard --error-unmatch"
		" --with-tree: --full-name --recurse-submodules --abbrev= --debug --deduplicate"
		" --eol --sparse --format:t --resolve-undo", -1, NULL },
	{ "ls-tree", git_read_words, "-d -r -t -l -z --long --name-only --name-status"
		" --object-only --full-name --full-tree --abbrev= --format:t", -1, NULL },
	{ "cat-file", git_read_only, "-t -s -e -p --batch-check= --allow-unknown-type"
		" --follow-symlinks --use-mailmap --no-use-mailmap --unordered --buffer"
		" --batch-all-objects -z -Z", 2, NULL },
	{ "grep", git_read_grep, "-a -i -I -w -v -h -H -E -G -P -F -n -l -L -z -o -c -p -W -q -r"
		" -# -A:n -B:n -C:n -m:n -e:t -f:r --text --ignore-case --no-textconv"
		" --max-depth:n --recursive --no-recursive --word-regexp --invert-match"
		" --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings"
		" --line-number --column --files-with-matches --name-only --files-without-match"
		" --null --only-matching --count --color= --no-color --break --heading"
		" --show-function --context:n --after-context:n --before-context:n"
		" --function-context --max-count:n --threads:n --and --or --not --all-match"
		" --quiet --cached --untracked --no-exclude-standard --exclude-standard"
		" --recurse-submodules --no-line-number", -1, NULL },
	{ "show-branch", git_read_words, "-a -r -g= --all --remotes --current --topo-order"
		" --date-order --sparse --more= --list --merge-base --independent --topics"
		" --reflog= --no-name --sha1-name --color= --no-color", -1, NULL },
	{ "rev-parse", git_read_words, "-q --verify --quiet --symbolic --symbolic-full-name"
		" --abbrev-ref= --short= --not --all --branches= --tags= --remotes= --glob="
		" --exclude= --exclude-hidden= --disambiguate= --git-dir --absolute-git-dir"
		" --git-common-dir --git-path: --show-toplevel --show-cdup --show-prefix"
		" --show-superproject-working-tree --show-object-format= --show-ref-format"
		" --is-inside-git-dir --is-inside-work-tree --is-bare-repository"
		" --is-shallow-repository --shared-index-path --local-env-vars --path-format="
		" --since= --after= --until= --before= --revs-only --no-revs --flags --no-flags"
		" --default: --prefix: --sq --resolve-git-dir:", -1, NULL },
	{ "describe", git_read_words, "--contains --debug --exact-match --all --tags --long"
		" --first-parent --abbrev= --candidates:n --match: --exclude: --always --dirty="
		" --broken=", -1, NULL },
	{ "name-rev", git_read_words, "--name-only --tags --no-refs --refs: --exclude: --all"
		" --always --undefined --no-undefined", -1, NULL },
	{ "merge-base", git_read_words, "-a --all --octopus --is-ancestor --independent"
		" --fork-point", -1, NULL },
	{ "show-ref", git_read_words, "-d -s= -q --head --heads --branches --tags --dereference"
		" --hash= --abbrev= --quiet --verify --exists", -1, NULL },
	{ "for-each-ref", git_read_words, "-s -p --shell --perl --python --tcl --count:n"
		" --exclude: --include-root-refs " REFS, -1, NULL },
	{ "check-ignore", git_read_paths, "-q -v -n -z --quiet --verbose --non-matching"
		" --no-index", -1, NULL },
	{ "check-attr", git_read_words, "-a -z --all --cached --source:", -1, NULL },
	{ "check-mailmap", git_read_words, "", -1, NULL },
	{ "check-ref-format", git_read_words, "--branch --allow-onelevel --no-allow-onelevel"
		" --refspec-pattern --normalize", 1, NULL },
	{ "count-objects", git_read_words, "-v -H --verbose --human-readable", 0, NULL },
	{ "fsck", git_read_words, "-v --verbose --full --no-full --connectivity-only --strict"
		" --no-strict --unreachable --dangling --no-dangling --no-reflogs --root --tags"
		" --cache --name-objects --progress --no-progress", -1, NULL },
	{ "verify-pack", git_read_words, "-v -s --verbose --stat-only", -1, NULL },
	{ "var", git_read_var, "", 1, NULL },
	{ "version", git_read_words, "--build-options", 0, NULL },
	{ "help", git_read_help, "-a -g -c --all --guides --config --no-verbose"
		" --no-external-commands --no-aliases", 1, NULL },
	{ "hash-object", git_read_hash, "-t: --stdin --path: --no-filters --literally", -1, NULL },
	{ "format-patch", git_read_format_patch, "-k -n -N -v: --stdout --keep-subject --numbered"
		" --no-numbered --start-number:n --subject-prefix:t --reroll-count: --no-signature"
		" --zero-commit --no-attach --no-thread --no-cover-letter --cc:t --to:t "
		DIFF REVISIONS,
		-1, NULL },
	{ "merge-tree", git_read_stdout_only, "--write-tree -z --name-only --messages"
		" --no-messages --allow-unrelated-histories --merge-base:", -1, "--write-tree" },
	{ "symbolic-ref", git_read_symbolic_ref, "-q --quiet --short --recurse --no-recurse -d"
		" --delete -m:t", 2, NULL },
	{ "reflog", git_read_only, LOG, 1, NULL },
	{ "reflog show", git_read_only, LOG, 1, NULL },
	{ "reflog list", git_read_words, "", 0, NULL },
	{ "reflog exists", git_read_words, "", 1, NULL },
	{ "stash list", git_read_words, LOG, 0, NULL },
	{ "stash show", git_read_only, "--include-untracked --no-include-untracked"
		" --only-untracked " LOG, 1, NULL },
	{ "remote", git_read_words, "-v --verbose", 0, NULL },
	{ "remote show", git_read_remote_show, "-n", -1, NULL },
	{ "remote get-url", git_read_words, "--push --all", 1, NULL },
	{ "config", git_read_config, "<-z --global --local --system --worktree --show-origin"
		" --show-scope --null --name-only --bool --int --bool-or-int --path --type:"
		" --no-type --default:t --includes --no-includes --fixed-value --get --get-all"
		" --add --unset --unset-all --replace-all --rename-section --remove-section"
		" --edit -e", -1, NULL },
	{ "config get", git_read_config, "<-z --global --local --system --worktree --show-origin"
		" --show-scope --null --show-names --type: --default:t --includes --no-includes"
		" --all", 1, "get" },
	{ "config set", git_remote_config, "<--global --local --system --worktree --type: --all"
		" --append --comment:t", -1, NULL },
	{ "config unset", git_remote_config, "<--global --local --system --worktree --all", -1,
		NULL },
	{ "config edit", git_remote_config, "<--global --local --system --worktree", -1, NULL },
	{ "config list", git_held, NULL, 0, "would show every value" },
	{ "worktree list", git_read_words, "-v -z --verbose --porcelain --expire:t", 0, NULL },
	{ "notes", git_read_words, "", 0, NULL },
	{ "notes list", git_read_words, "", 1, NULL },
	{ "notes show", git_read_words, "", 1, NULL },
	{ "notes get-ref", git_read_words, "", 0, NULL },
	{ "submodule", git_read_words, "-q --quiet --cached", 0, NULL },
	{ "submodule status", git_read_paths, "-q --quiet --cached --recursive", -1, NULL },
	{ "submodule summary", git_read_words, "--cached --files -n:n --summary-limit:n", -1,
		NULL },
	{ "sparse-checkout list", git_read_words, "", 0, NULL },
	{ "bisect log", git_read_words, "", 0, NULL },
	{ "bisect terms", git_read_words, "--term-good --term-bad --term-old --term-new", 0, NULL },
	{ "rerere status", git_read_words, "", 0, NULL },
	{ "rerere diff", git_read_words, "", 0, NULL },
	{ "rerere remaining", git_read_words, "", 0, NULL },
	{ "bundle verify", git_read_hash, "-q --quiet", 1, NULL },
	{ "bundle list-heads", git_read_hash, "", 1, NULL },

	/* what changes the work tree and the index */
	{ "add", git_add_files, "-n -v -A -u -N --dry-run --verbose --all --no-all"
		" --no-ignore-removal --ignore-removal --update --intent-to-add --refresh"
		" --ignore-errors --ignore-missing --renormalize --chmod: --sparse", -1, NULL },
	{ "stage", git_add_files, "-n -v -A -u -N --dry-run --verbose --all --update"
		" --intent-to-add", -1, NULL },
	{ "commit", git_commit, "-a -m:t -F:r -q -v -s -C: -u= -o -z --all --message:t --file:r"
		" --quiet --verbose --amend --no-edit --allow-empty --allow-empty-message"
		" --author:t --date:t --signoff --no-signoff --trailer:t --reset-author"
		" --reuse-message: --fixup: --squash: --dry-run --short --branch --porcelain"
		" --long --null --untracked-files= --only --include --cleanup: --status"
		" --no-status --no-post-rewrite --verify", -1, NULL },
	{ "restore", git_restore, "-S -W -s: -q -m --staged --worktree --source: --quiet"
		" --progress --no-progress --ours --theirs --merge --conflict: --ignore-unmerged"
		" --overlay --no-overlay --ignore-skip-worktree-bits", -1, NULL },
	{ "reset", git_reset, "-q -N --quiet --no-quiet --soft --mixed --hard --merge --keep"
		" --intent-to-add --refresh --no-refresh", -1, NULL },
	{ "rm", git_rm, "-f -n -r -q --force --dry-run --cached --ignore-unmatch --quiet --sparse",
		-1, NULL },
	{ "mv", git_mv, "-f -k -n -v --force --dry-run --verbose --sparse", -1, NULL },
	{ "clean", git_clean, "-n -d -x -X -q -f -i -e:t --dry-run --quiet --force --interactive"
		" --exclude:t", -1, NULL },
	{ "init", git_init, "-q -b: --quiet --initial-branch: --object-format:", 1, NULL },
	{ "stash", git_stash, NULL, -1, "moves uncommitted changes away" },
	{ "stash push", git_stash, NULL, -1, "moves uncommitted changes away" },
	{ "stash save", git_stash, NULL, -1, "moves uncommitted changes away" },
	{ "stash apply", git_stash, NULL, -1, "puts stashed changes into the files" },
	{ "stash pop", git_stash, NULL, -1, "puts stashed changes into the files" },
	{ "stash branch", git_stash, NULL, -1, "makes a branch of stashed changes" },
	{ "stash create", git_held, NULL, -1, "stores uncommitted changes" },
	{ "stash store", git_held, NULL, -1, "changes what is stashed" },
	{ "stash drop", git_destroys, NULL, -1, "stashed changes" },
	{ "stash clear", git_destroys, NULL, -1, "all stashed changes" },
	{ "apply", git_apply, "-p:n -v -q -R --check --stat --numstat --summary --verbose --quiet"
		" --reverse --recount --ignore-whitespace --whitespace: --index --cached", -1,
		NULL },
	{ "update-index", git_read_stdout_only, "-q --refresh --really-refresh", 0, "--refresh"
		" --really-refresh" },
	{ "checkout-index", git_held, NULL, -1, "overwrites files with what is staged" },
	{ "read-tree", git_held, NULL, -1, "replaces what is staged" },
	{ "write-tree", git_held, NULL, -1, "stores what is staged" },
	{ "sparse-checkout", git_stash, NULL, -1, "adds files to the work tree and takes some"
		" away" },
	{ "worktree", git_held, NULL, -1, "manages other work trees" },
	{ "worktree add", git_worktree_add, "-f -b: -B: -d -q --force --detach --checkout"
		" --no-checkout --guess-remote --no-guess-remote --track --no-track --lock"
		" --reason:t --orphan --quiet", 2, NULL },
	{ "worktree remove", git_destroys, NULL, -1, "a work tree and what is uncommitted in it" },
	{ "merge-file", git_held, NULL, -1, "overwrites a file" },
	{ "rerere", git_held, NULL, -1, "changes files by recorded resolutions" },
	{ "rerere clear", git_destroys, NULL, -1, "recorded resolutions" },
	{ "rerere forget", git_destroys, NULL, -1, "recorded resolutions" },
	{ "rerere gc", git_destroys, NULL, -1, "recorded resolutions" },
	{ "notes add", git_held, NULL, -1, "changes notes" },
	{ "notes append", git_held, NULL, -1, "changes notes" },
	{ "notes copy", git_held, NULL, -1, "changes notes" },
	{ "notes edit", git_held, NULL, -1, "changes notes" },
	{ "notes merge", git_held, NULL, -1, "changes notes" },
	{ "notes remove", git_destroys, NULL, -1, "notes" },
	{ "notes prune", git_destroys, NULL, -1, "notes" },

	/* what changes branches */
	{ "branch", git_branch, "-a -r -l -v -q -t= -i -f -d -D -m -M -c -C -u: --all --remotes"
		" --list --verbose --quiet --abbrev= --no-abbrev --show-current --track="
		" --no-track --create-reflog --force --delete --move --copy --set-upstream-to:"
		" --unset-upstream --edit-description --recurse-submodules " REFS, -1, NULL },
	{ "tag", git_tag, "--points-at:? -l -i -n= -a -m:t -F:r -f -d --list --annotate"
		" --message:t --file:r --force --delete --cleanup: --create-reflog --no-sign " REFS,
		-1, NULL },
	{ "switch", git_switch, "-c: -C: -d -q -t= -m -f --create: --force-create: --detach"
		" --guess --no-guess --quiet --progress --no-progress --track= --no-track --merge"
		" --conflict: --force --discard-changes --orphan: --overwrite-ignore"
		" --no-overwrite-ignore", -1, NULL },
	{ "checkout", git_checkout, "-b: -B: -d -q -t= -m -f -l --detach --guess --no-guess"
		" --quiet --progress --no-progress --track= --no-track --merge --conflict:"
		" --force --orphan: --ours --theirs --overlay --no-overlay"
		" --ignore-skip-worktree-bits --overwrite-ignore --no-overwrite-ignore", -1, NULL },
	{ "merge", git_moves, MOVING, -1, NULL },
	{ "cherry-pick", git_moves, MOVING, -1, NULL },
	{ "revert", git_moves, MOVING, -1, NULL },
	{ "rebase", git_moves, "-q -v -n -f -X: -C:n --quiet --verbose --stat --no-stat --onto:"
		" --root --autosquash --no-autosquash --autostash --no-autostash --fork-point"
		" --no-fork-point --keep-base --force-rebase --no-ff --rebase-merges="
		" --no-rebase-merges --signoff --update-refs --no-update-refs"
		" --reapply-cherry-picks --no-reapply-cherry-picks --empty: --strategy-option:"
		" --abort --continue --skip --quit --show-current-patch", -1, NULL },
	{ "am", git_moves, NULL, -1, NULL },
	{ "bisect", git_moves, NULL, -1, NULL },
	{ "bisect run", git_runs, NULL, -1, "runs the program that it is given" },
	{ "update-ref", git_update_ref, "-d -m:t --no-deref --create-reflog", -1, NULL },
	{ "refs", git_held, NULL, -1, "changes how branches are stored" },
	{ "replay", git_held, NULL, -1, "makes new commits" },
	{ "commit-tree", git_held, NULL, -1, "makes a commit" },
	{ "replace", git_held, NULL, -1, "puts one commit in place of another" },
	{ "mktag", git_held, NULL, -1, "makes a tag" },
	{ "mktree", git_held, NULL, -1, "stores a tree" },
	{ "filter-branch", git_runs, NULL, -1, "rewrites every commit by a program" },
	{ "filter-repo", git_runs, NULL, -1, "rewrites every commit" },
	{ "fast-import", git_held, NULL, -1, "writes commits and branches" },

	/* what is lost for good */
	{ "gc", git_destroys, NULL, -1, drops },
	{ "prune", git_destroys, NULL, -1, drops },
	{ "prune-packed", git_held, NULL, -1, "reorganises the repository" },
	{ "repack", git_held, NULL, -1, "reorganises the repository" },
	{ "pack-refs", git_held, NULL, -1, "reorganises the repository" },
	{ "maintenance", git_held, NULL, -1, "reorganises the repository, or starts a schedule"
		" that does" },
	{ "commit-graph", git_held, NULL, -1, "reorganises the repository" },
	{ "multi-pack-index", git_held, NULL, -1, "reorganises the repository" },
	{ "reflog expire", git_destroys, NULL, -1, drops },
	{ "reflog delete", git_destroys, NULL, -1, drops },
	{ "reflog drop", git_destroys, NULL, -1, drops },

	/* what reaches other repositories */
	{ "push", git_push, "-u -f -d -n -q -v --set-upstream --force --force-with-lease="
		" --no-force-with-lease --force-if-includes --no-force-if-includes --tags"
		" --follow-tags --no-follow-tags --delete --all --branches --mirror --prune"
		" --dry-run --atomic --no-atomic --quiet --verbose --progress --no-progress"
		" --porcelain --thin --no-thin --no-signed --verify --no-recurse-submodules -4 -6"
		" --ipv4 --ipv6", -1, NULL },
	{ "fetch", git_fetch, "-a -p -P -t -n -q -v -f -k -u -j:n -4 -6 --all --append --prune"
		" --prune-tags --tags --no-tags --depth:n --deepen:n --unshallow --update-shallow"
		" --shallow-since:t --shallow-exclude: --quiet --verbose --progress --no-progress"
		" --dry-run --jobs:n --multiple --atomic --porcelain --force --keep"
		" --no-recurse-submodules --no-auto-gc --no-auto-maintenance"
		" --show-forced-updates --no-show-forced-updates --refetch --ipv4 --ipv6", -1,
		NULL },
	{ "pull", git_pull, "-q -v -r= -n -p -t -X: --quiet --verbose --rebase= --no-rebase --ff"
		" --no-ff --ff-only --autostash --no-autostash --commit --no-commit --no-edit"
		" --stat --no-stat --squash --no-squash --signoff --allow-unrelated-histories"
		" --all --prune --tags --no-tags --depth:n --unshallow --progress --no-progress"
		" --jobs:n --strategy-option: --dry-run --no-recurse-submodules", -1, NULL },
	{ "clone", git_clone, "-q -v -l -n -s -b: -o: -j:n --quiet --verbose --progress --local"
		" --no-hardlinks --no-checkout --depth:n --branch: --origin: --single-branch"
		" --no-single-branch --no-tags --sparse --filter: --shallow-since:t"
		" --shallow-exclude: --jobs:n --mirror --bare", 2, NULL },
	{ "ls-remote", git_ls_remote, "-h -t -q -b --heads --branches --tags --refs --quiet"
		" --exit-code --sort:t --symref --get-url", -1, NULL },
	{ "remote add", git_remote_config, "-f -t: -m: --fetch --tags --no-tags --track:"
		" --master:", 2, NULL },
	{ "remote set-url", git_remote_config, "--push --add --delete", -1, NULL },
	{ "remote remove", git_remote_config, "", 1, NULL },
	{ "remote rm", git_remote_config, "", 1, NULL },
	{ "remote rename", git_remote_config, "--progress --no-progress", 2, NULL },
	{ "remote set-head", git_remote_config, "-a -d --auto --delete", 2, NULL },
	{ "remote set-branches", git_remote_config, "--add", -1, NULL },
	{ "remote update", git_held, NULL, -1, "reaches the remotes" },
	{ "remote prune", git_held, NULL, -1, "reaches the remote" },
	{ "submodule add", git_held, NULL, -1, "copies another repository into this one" },
	{ "submodule update", git_held, NULL, -1, "reaches other repositories, and may run what"
		" they name" },
	{ "submodule init", git_held, NULL, -1, "changes git's configuration" },
	{ "submodule sync", git_held, NULL, -1, "changes git's configuration" },
	{ "submodule set-url", git_held, NULL, -1, "changes git's configuration" },
	{ "submodule set-branch", git_held, NULL, -1, "changes git's configuration" },
	{ "submodule deinit", git_destroys, NULL, -1, "the work tree of a submodule" },
	{ "submodule absorbgitdirs", git_held, NULL, -1, "moves repositories" },
	{ "submodule foreach", git_runs, NULL, -1, "runs the program that it is given" },
	{ "bundle create", git_held, NULL, -1, "writes a file" },
	{ "bundle unbundle", git_held, NULL, -1, "takes in commits from a file" },
	{ "archive", git_runs, NULL, -1, "writes files, or runs a program elsewhere" },
	{ "fast-export", git_held, NULL, -1, "writes every commit" },
	{ "send-email", git_runs, NULL, -1, "sends mail" },
	{ "imap-send", git_runs, NULL, -1, "sends mail" },
	{ "request-pull", git_held, NULL, -1, "reaches the remote" },
	{ "svn", git_runs, NULL, -1, "reaches another repository" },
	{ "p4", git_runs, NULL, -1, "reaches another repository" },
	{ "cvsimport", git_runs, NULL, -1, "reaches another repository" },
	{ "cvsexportcommit", git_runs, NULL, -1, "reaches another repository" },
	{ "lfs", git_held, NULL, -1, "is a program of its own, and reaches the remote" },
	{ "daemon", git_runs, NULL, -1, "serves repositories to the network" },
	{ "http-backend", git_runs, NULL, -1, "serves repositories to the network" },
	{ "instaweb", git_runs, NULL, -1, "serves the repository to the network" },
	{ "upload-pack", git_runs, NULL, -1, "serves a repository" },
	{ "receive-pack", git_runs, NULL, -1, "takes in what is pushed" },
	{ "upload-archive", git_runs, NULL, -1, "serves a repository" },
	{ "send-pack", git_runs, NULL, -1, "pushes" },
	{ "fetch-pack", git_runs, NULL, -1, "reaches another repository" },
	{ "http-push", git_runs, NULL, -1, "pushes" },
	{ "http-fetch", git_runs, NULL, -1, "reaches another repository" },
	{ "shell", git_runs, NULL, -1, "runs the command that it is given" },

	/* what runs other programs */
	{ "difftool", git_runs, NULL, -1, "runs a program" },
	{ "mergetool", git_runs, NULL, -1, "runs a program" },
	{ "merge-index", git_runs, NULL, -1, "runs the program that it is given" },
	{ "merge-one-file", git_runs, NULL, -1, "changes files" },
	{ "for-each-repo", git_runs, NULL, -1, "runs git in other repositories" },
	{ "hook", git_runs, NULL, -1, "runs a hook" },
	{ "web--browse", git_runs, NULL, -1, "runs a browser" },
	{ "citool", git_runs, NULL, -1, "opens a window" },
	{ "gui", git_runs, NULL, -1, "opens a window" },
	{ "interpret-trailers", git_runs, NULL, -1, "may run a program for a trailer" },
	{ "credential", git_runs, NULL, -1, "shows or stores passwords" },
	{ "credential-store", git_runs, NULL, -1, "shows or stores passwords" },
	{ "credential-cache", git_runs, NULL, -1, "shows or stores passwords" },
	{ "verify-commit", git_held, NULL, -1, "runs gpg" },
	{ "verify-tag", git_held, NULL, -1, "runs gpg" },
	{ "bugreport", git_held, NULL, -1, "writes a file" },
	{ "diagnose", git_held, NULL, -1, "writes a file" },
	{ "mailinfo", git_held, NULL, -1, "writes files" },
	{ "mailsplit", git_held, NULL, -1, "writes files" },
	{ "unpack-file", git_held, NULL, -1, "writes a file" },
	{ "unpack-objects", git_held, NULL, -1, "takes in commits" },
	{ "index-pack", git_held, NULL, -1, "takes in commits" },
	{ "pack-objects", git_held, NULL, -1, "writes files" },
	{ NULL, NULL, NULL, 0, NULL },
};
// clang-format on
