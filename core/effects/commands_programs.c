/*
 * Programs that test, lint, build and format: what each of them takes without running or writing
 * anything but what the project's own configuration says.
 *
 * Options that name another configuration, plugin, root, program or place are not here,
		so they are
 * held. Outputs are written paths; operands are read, so that those outside the scope are held.
 */
#include "config.h"

#include "core/effects/verb.h"

#define GO_BUILD \
	"[-mod=readonly -mod=vendor -buildvcs=false -buildvcs=true -trimpath] -v -x -n -a " \
	"-race " \
	"-msan -asan -work -tags:w -p:n -cover -covermode:w -coverpkg:w "
#define GO_TEST \
	"-run:w -skip:w -bench:w -benchtime:w -benchmem -count:n -timeout:w -short -json " \
	"-failfast " \
	"-parallel:n -cpu:w -list:w -shuffle:w -fuzztime:w -vet:w -c -o:W -coverprofile:W " \
	"-cpuprofile:W -memprofile:W -outputdir:M "
#define CARGO \
	"-p:w --package:w --workspace --all --exclude:w --lib --bin:w --bins --example:w " \
	"--examples --test:w --tests --bench:w --benches --all-targets -F:w --features:w " \
	"--all-features --no-default-features -r --release --profile:w -j:n --jobs:n " \
	"--keep-going --message-format:w --locked --offline --frozen -v --verbose -q --quiet " \
	"--color:w --no-fail-fast --no-run --doc --no-deps --document-private-items " \
	"--manifest-path:r --ignore-rust-version --bins "
#define LIBTEST \
	"--nocapture --no-capture --test-threads:n --exact --ignored --include-ignored --list " \
	"--show-output --skip:w -q --quiet --color:w --format:w | w*"
#define JS_TEST \
	"--watch= --watchAll= --run -t:w -u --update --coverage= --silent= --bail= --verbose= " \
	"--ci --no-cache --color --no-color --passWithNoTests "
#define TERRAFORM "-no-color -json "

// clang-format off
const struct verb_row verbs_programs[] = {
	/* Go */
	OPTIONS("go", "-C:b"),
	TASK("go test", "test", GO_BUILD GO_TEST "| r*"),
	TASK("go vet", "lint", GO_BUILD "-json | r*"),
	TASK("go build", "build", GO_BUILD "-o:W | r*"),
	FIX("go fmt", "format", "!-n", "-n -x | r*"),
	LIST("go list", "-json -m -e -deps -test -find -tags:w -f:w | w*"),
	LIST("go version", "-m -v | r*"),
	LIST("go env", "-json -changed | w*"),
	LIST("go doc", "-all -c -cmd -short -src -u | w*"),
	LIST("go help", "| w*"),
	LIST("go tool", ""),
	LIST("go tool cover", "-func:r -html:r -o:W"),
	LIST("go mod graph|why", "-m | w*"),
	LIST("go mod verify", ""),
	EDITS("gofmt|goimports", "+-w", "-w -l -d -s -e | r*"),
	TASK("golangci-lint run", "lint",
		"--timeout:w --build-tags:w --new --fast --fast-only -v "
		"--verbose "
		"-E:w --enable:w -D:w --disable:w --enable-only:w -j:n --concurrency:n --tests= "
		"--color:w --max-issues-per-linter:n --max-same-issues:n "
		"--allow-parallel-runners "
		"--issues-exit-code:n --show-stats= --disable-all --enable-all --default:w | r*"),
	FIX("golangci-lint fmt", "format", "!-d --diff", "-d --diff -E:w --enable:w | r*"),
	LIST("golangci-lint version|linters", ""),
	TASK("staticcheck", "lint", "-checks:w -f:w -tests= -show-ignored -tags:w | r*"),
	TASK("govulncheck", "check", "-test -tags:w -show:w | r*"),
	TASK("gotestsum", "test",
		"--format:w -f:w --no-color --hide-summary:w -- " GO_BUILD GO_TEST "| r*"),
	TASK("revive|errcheck|ineffassign", "lint", "| r*"),

	/* Rust */
	OPTIONS("cargo", "-q --quiet -v --verbose --color:w --offline --locked --frozen"),
	TASK("cargo test|t", "test", CARGO "| w* -- " LIBTEST),
	TASK("cargo nextest run", "test", CARGO "-E:w --retries:n --success-output:w "
		"--failure-output:w --status-level:w --test-threads:w --run-ignored:w | w*"),
	TASK("cargo nextest list", "test", CARGO "| w*"),
	TASK("cargo bench", "test", CARGO "| w*"),
	TASK("cargo build|b", "build", CARGO "--timings"),
	TASK("cargo check|c", "check", CARGO),
	FIX("cargo clippy", "lint", "+--fix", CARGO "--fix --allow-dirty --allow-staged -- "
		"-D:w -W:w -A:w -F:w"),
	FIX("cargo fmt", "format", "!--check",
		"--check --all -v --verbose -q --quiet -p:w --package:w -- --check | r*"),
	TASK("cargo doc", "build", CARGO),
	TASK("cargo tree", "check", "-p:w --package:w --workspace -i:w --invert:w -d "
		"--duplicates -e:w "
		"--edges:w --depth:w --prefix:w -F:w --features:w --all-features --charset:w "
		"--no-default-features --locked --offline --frozen --prune:w -f:w --format:w"),
	TASK("cargo metadata", "check", "--format-version:n --no-deps -q --locked --offline "
		"--frozen "
		"--all-features --no-default-features --manifest-path:r"),
	LIST("cargo --list", ""),
	LIST("cargo version|help", "-v --verbose"),
	TASK("cargo pkgid|locate-project", "check", "--workspace | w*"),
	TASK("cargo deny check", "check", "| w*"),
	TASK("cargo machete", "lint", ""),
	EDITS("rustfmt", "!--check", "--check --edition:w -l -q -v | r+"),

	/* Python */
	TASK("pytest|py.test", "test",
		"[--cov-report=term --cov-report=term-missing --cov-report=xml "
		"--cov-report=html] "
		"-q -v -s -x -l -k:w -m:w -r:w -n:w --tb:w --maxfail:n --durations:n "
		"--durations-min:w --lf --ff --nf --sw --last-failed --failed-first --new-first "
		"--stepwise --co --collect-only --no-header --no-summary --verbose --quiet "
		"--exitfirst --showlocals --capture:w --color:w --disable-warnings "
		"--disable-pytest-warnings --strict-markers --strict-config --strict --cov= "
		"--cov-branch --no-cov --cov-fail-under:n --dist:w --numprocesses:w --timeout:w "
		"--junitxml:W --junit-xml:W --asyncio-mode:w --ignore:w --ignore-glob:w "
		"--deselect:w --markers --fixtures --setup-show --setup-only --import-mode:w "
		"--runxfail --cache-clear --benchmark-only --benchmark-skip --log-cli-level:w "
		"--log-level:w --full-trace --no-cov-on-fail --reruns:n --randomly-seed:w "
		"--snapshot-update --verbosity:n --forked --show-capture:w -h --help | r*"),
	TASK("unittest", "test", "-v -q -f -b -c --verbose --quiet --failfast --buffer -k:w "
		"--locals | r*"),
	TASK("unittest discover", "test",
		"-v -q -f -b -k:w -s:r -p:w -t:r --start-directory:r --pattern:w "
		"--top-level-directory:r --verbose --failfast | r*"),
	TASK("doctest", "test", "-v -f | r*"),
	TASK("tox", "test", "-e:w -q -v -r -p:w --recreate --skip-missing-interpreters= -l"),
	TASK("nox", "test", "-s:w -e:w -k:w -t:w -r -R -l --list --session:w --sessions:w "
		"--reuse-existing-virtualenvs --no-color"),
	FIX("ruff check", "lint", "+--fix --fix-only --unsafe-fixes",
		"--fix --fix-only --unsafe-fixes --no-fix --diff --select:w --ignore:w "
		"--extend-select:w --extend-ignore:w --exclude:w --extend-exclude:w --preview "
		"--output-format:w --statistics --show-fixes --show-files --no-cache -q -v "
		"--quiet --verbose --exit-zero --exit-non-zero-on-fix --target-version:w "
		"--line-length:n --isolated --force-exclude --respect-gitignore -n "
		"--show-settings "
		"--no-unsafe-fixes --ignore-noqa --per-file-ignores:w | r*"),
	FIX("ruff format", "format", "!--check --diff",
		"--check --diff --exclude:w --line-length:n --preview --no-cache -q -v --quiet "
		"--verbose --target-version:w --isolated --force-exclude -n | r*"),
	LIST("ruff rule|linter|version|config", "--all --output-format:w | w*"),
	FIX("black", "format", "!--check --diff",
		"--check --diff --color --no-color -q -v --quiet --verbose -l:n --line-length:n "
		"-t:w --target-version:w -S --skip-string-normalization --preview --fast --safe "
		"--include:w --exclude:w --extend-exclude:w --force-exclude:w -W:n | r*"),
	FIX("isort", "format", "!--check --check-only -c --diff",
		"-c --check --check-only --diff --profile:w -q -v --quiet --verbose -l:n "
		"--line-length:n --gitignore --filter-files --skip:w --atomic | r*"),
	FIX("autopep8", "format", "+-i --in-place",
		"-i --in-place --diff -d -r --recursive -a --aggressive --max-line-length:n "
		"--select:w --ignore:w | r+"),
	TASK("flake8", "lint",
		"--max-line-length:n --select:w --ignore:w --extend-ignore:w --extend-select:w "
		"--exclude:w --extend-exclude:w --count --statistics --show-source "
		"--max-complexity:n --format:w -q -v --exit-zero -j:w --jobs:w --doctests "
		"--per-file-ignores:w --filename:w | r*"),
	TASK("mypy", "check",
		"--strict --ignore-missing-imports --no-error-summary --pretty "
		"--show-error-codes "
		"--no-incremental --check-untyped-defs --disallow-untyped-defs "
		"--warn-unused-ignores "
		"--warn-return-any --follow-imports:w --python-version:w --platform:w "
		"--exclude:w "
		"--namespace-packages --explicit-package-bases --disable-error-code:w "
		"--enable-error-code:w --no-color-output --color-output --show-column-numbers "
		"--hide-error-context --show-error-context -v --verbose --no-strict-optional "
		"--allow-redefinition --implicit-reexport --no-implicit-reexport --sqlite-cache "
		"--show-traceback --warn-unreachable --warn-redundant-casts "
		"--skip-cache-mtime-checks "
		"-p:w --package:w -m:w --module:w | r*"),
	TASK("pyright|basedpyright", "check",
		"-p:r --project:r --outputjson --stats --warnings --level:w --verbose "
		"--pythonversion:w --pythonplatform:w --skipunannotated --threads:n | r*"),
	TASK("pylint", "lint",
		"-E --errors-only --disable:w -d:w --enable:w -e:w --output-format:w -f:w "
		"--reports:w -r:w --score:w -s:w -j:n --jobs:n --fail-under:n --recursive:w "
		"--max-line-length:n --ignore:w -v --verbose | r*"),
	LIST("pycodestyle|pydocstyle|pyflakes|vulture",
		"--max-line-length:n --select:w --ignore:w --count --statistics --show-source "
		"--exclude:w --min-confidence:n --convention:w | r*"),
	LIST("bandit", "-r -ll -lll -l -i -ii -iii -q -v -s:w -t:w -x:w -f:w | r*"),
	TASK("pre-commit run", "lint", "-a --all-files -v --verbose --show-diff-on-failure "
		"--color:w | w?"),
	TASK("coverage run -m pytest", "test", "-q -v -x -s -k:w -m:w | r*"),
	TASK("coverage run -m unittest", "test", "-v -q -f -b | r*"),
	TASK("coverage report", "test", "-m --show-missing --skip-covered --skip-empty "
		"--sort:w -i "
		"--include:w --omit:w --fail-under:n --precision:n --format:w"),

	/* JavaScript and TypeScript */
	TASK("tsc", "check",
		"--noEmit -p:r --project:r --pretty= --skipLibCheck= --strict= --incremental= "
		"--listFiles --listFilesOnly --showConfig -b --build --force --verbose "
		"--traceResolution --extendedDiagnostics --diagnostics --noErrorTruncation "
		"--jsx:w "
		"--target:w -t:w --module:w -m:w --moduleResolution:w --lib:w --esModuleInterop= "
		"--resolveJsonModule --allowJs= --checkJs= --isolatedModules --types:w "
		"--emitDeclarationOnly -d --declaration --outDir:M --noEmitOnError "
		"--noUnusedLocals --noUnusedParameters --noImplicitAny --composite "
		"--explainFiles --allowImportingTsExtensions --generateTrace:M "
		"--tsBuildInfoFile:W -v --clean --dry | r*"),
	TASK("vue-tsc|svelte-check|tsgo", "check",
		"--noEmit -p:r --project:r --tsconfig:r --pretty= --skipLibCheck -b --build "
		"--threshold:w --fail-on-warnings --output:w"),
	TASK("astro check", "check", ""),
	FIX("eslint", "lint", "+--fix",
		"[--format=json --format=stylish --format=unix --format=compact] "
		"--fix --fix-dry-run --quiet --ext:w --max-warnings:n --cache --no-cache "
		"--cache-location:W --cache-strategy:w --no-eslintrc "
		"--report-unused-disable-directives "
		"--report-unused-disable-directives-severity:w "
		"--no-error-on-unmatched-pattern --no-warn-ignored --ignore-pattern:w --color "
		"--no-color --rule:w --env:w --global:w --print-config:r --stats "
		"--no-inline-config --pass-on-no-patterns --concurrency:w --debug --no-ignore "
		"--fix-type:w --exit-on-fatal-error | r*"),
	FIX("prettier", "format", "+-w --write",
		"-w --write -c --check -l --list-different -u --ignore-unknown --log-level:w "
		"--loglevel:w --no-color --color --cache --no-error-on-unmatched-pattern "
		"--print-width:n --tab-width:n --single-quote --no-semi --trailing-comma:w "
		"--no-config --use-tabs --prose-wrap:w --end-of-line:w | r+"),
	FIX("biome check|lint|format", "lint",
		"+--write --fix --apply --apply-unsafe --unsafe",
		"--write --fix --apply --apply-unsafe --unsafe --changed --staged "
		"--max-diagnostics:w --no-errors-on-unmatched --diagnostic-level:w "
		"--files-ignore-unknown:w --error-on-warnings --only:w --skip:w --colors:w "
		"--reporter:w --linter-enabled:w --formatter-enabled:w --verbose | r*"),
	TASK("biome ci", "lint", "--changed --max-diagnostics:w --colors:w | r*"),
	FIX("oxlint|xo|standard", "lint", "+--fix", "--fix --quiet --max-warnings:n -D:w -A:w |"
		" r*"),
	FIX("stylelint", "lint", "+--fix", "--fix --quiet --allow-empty-input --color --no-color "
		"--max-warnings:n -q --cache | r*"),
	FIX("markdownlint|markdownlint-cli2", "lint", "+-f --fix",
		"-f --fix -q --quiet -i:w --ignore:w --no-globs | r*"),
	TASK("vitest", "test", JS_TEST "--config:! --typecheck --project:w --testTimeout:n "
		"--no-coverage --no-file-parallelism --pool:w --changed --related --mode:w "
		"--retry:n --sequence.shuffle --allowOnly --testNamePattern:w | r*"),
	TASK("vitest run|list|bench|related", "test",
		"[--reporter=verbose --reporter=dot --reporter=json --reporter=default "
		"--reporter=basic] " JS_TEST "--typecheck --project:w --testTimeout:n "
		"--no-coverage --no-file-parallelism --pool:w --changed --mode:w --retry:n "
		"--sequence.shuffle --allowOnly --hookTimeout:n --maxWorkers:w --shard:w "
		"--testNamePattern:w --coverage.enabled= --dir:r | r*"),
	TASK("jest", "test", JS_TEST "-i --runInBand --testNamePattern:w --testPathPattern:w "
		"--testPathPatterns:w -o --onlyChanged --detectOpenHandles --forceExit "
		"--maxWorkers:w -w:w --selectProjects:w --findRelatedTests --listTests -f "
		"--onlyFailures --updateSnapshot --json --showConfig "
		"--no-coverage "
		"--testTimeout:n --expand --logHeapUsage --notify= --shard:w --runTestsByPath "
		"--clearCache --errorOnDeprecated --randomize --no-watchman --watchman= "
		"--testPathIgnorePatterns:w --collectCoverage= | r*"),
	TASK("mocha", "test", "-g:w --grep:w -f:w --fgrep:w -b --bail -t:w --timeout:w --exit "
		"--recursive -c --color --no-color --forbid-only -i --invert --check-leaks "
		"--parallel -p --retries:n | r*"),
	TASK("ava|tap", "test", "-v --verbose --serial -s -m:w --match:w --fail-fast -t --tap |"
		" r*"),
	TASK("playwright test", "test",
		"[--reporter=line --reporter=list --reporter=dot --reporter=json "
		"--reporter=github] "
		"-g:w --grep:w --grep-invert:w --project:w --workers:w -j:w --retries:n "
		"--timeout:n "
		"--headed --list --max-failures:n -x --last-failed --repeat-each:n --shard:w "
		"--trace:w --quiet --pass-with-no-tests --update-snapshots= -u --forbid-only "
		"--fully-parallel --only-changed --no-deps --global-timeout:n --tsconfig:r | "
		"w*"),
	LIST("playwright --version", ""),
	TASK("cypress run", "test", "-b:w --browser:w --headless --headed --e2e --component "
		"-q --quiet -s:r --spec:r"),
	TASK("next lint|build", "build", "--quiet --no-lint --debug --turbo --turbopack"),
	TASK("vite build|optimize", "build", "--mode:w -m:w --logLevel:w -l:w --minify= "
		"--sourcemap= -d --debug"),
	TASK("tsup", "build", ""),
	TASK("rollup", "build", "[-c --config]"),
	TASK("webpack", "build", "--mode:w"),
	TASK("parcel|nuxt|astro build", "build", ""),
	TASK("svelte-kit sync", "build", ""),
	TASK("knip|depcheck|madge|publint", "lint", "--production --strict --no-exit-code"),
	TASK("commitlint", "lint", "--last -V --verbose"),

	/* Ruby */
	FIX("rubocop|standardrb", "lint",
		"+-a -A -x --fix --auto-correct --autocorrect --autocorrect-all --fix-layout",
		"-a -A -x --fix --auto-correct --autocorrect --autocorrect-all --fix-layout "
		"--only:w --except:w -l --lint -f:w --format:w -D --display-cop-names -P "
		"--parallel -d --debug --fail-level:w --force-exclusion --no-color --color -S "
		"--display-style-guide -E --extra-details --no-parallel -L | r*"),
	TASK("rspec", "test", "-f:w --format:w -e:w --example:w -t:w --tag:w --fail-fast= -b "
		"--backtrace --color --no-color --force-color --seed:n --order:w --only-failures "
		"-n --next-failure -p --profile= -w --dry-run | r*"),
	TASK("minitest|cucumber", "test", "| r*"),
	TASK("brakeman", "lint", "-q -A --no-pager --no-exit-on-warn --no-exit-on-error"),
	TASK("srb tc", "check", ""),

	/* PHP */
	TASK("phpunit|pest", "test", "--filter:w --testsuite:w --group:w --exclude-group:w "
		"--testdox "
		"--stop-on-failure --stop-on-error --no-coverage --colors= --verbose -v --debug "
		"--parallel --list-tests | r*"),
	TASK("phpstan analyse|analyze", "check", "-l:w --level:w --no-progress --error-format:w "
		"--memory-limit:w -v --ansi --no-ansi | r*"),
	TASK("psalm", "check", "--no-cache --show-info= --stats --threads:n --no-progress | r*"),
	TASK("phpcs", "lint", "-s -p -n -q --colors --severity:n --extensions:w --ignore:w | r*"),
	FIX("pint", "format", "!--test", "--test -v --dirty | r*"),
	FIX("php-cs-fixer fix", "format", "!--dry-run", "--dry-run --diff -v | r*"),

	/* Elixir, .NET, JVM, Swift, Zig, Deno */
	TASK("mix test", "test", "--trace --stale --failed --cover --max-failures:n --seed:n "
		"--only:w --exclude:w --include:w --warnings-as-errors --slowest:n --color | r*"),
	TASK("mix compile", "build", "--warnings-as-errors --force --all-warnings"),
	FIX("mix format", "format", "!--check-formatted", "--check-formatted --dry-run | r*"),
	TASK("mix credo|dialyzer", "lint", "--strict | r*"),
	TASK("dotnet test", "test",
		"--no-build --no-restore -c:w --configuration:w -f:w --framework:w --filter:w "
		"-v:w "
		"--verbosity:w --nologo -t --list-tests --blame | r*"),
	TASK("dotnet build", "build",
		"--no-restore -c:w --configuration:w -f:w --framework:w -v:w --verbosity:w "
		"--nologo --no-incremental --no-dependencies -o:M --output:M | r*"),
	FIX("dotnet format", "format", "!--verify-no-changes",
		"--verify-no-changes --no-restore -v:w --verbosity:w --severity:w | r*"),
	LIST("dotnet --info|--list-sdks|--list-runtimes", ""),
	TASK("swift test", "test", "--filter:w --skip:w --parallel -v -q --enable-code-coverage "
		"-c:w --configuration:w --skip-build --list-tests"),
	TASK("swift build", "build", "-c:w --configuration:w -v -q --target:w --product:w "
		"--build-tests --show-bin-path"),
	TASK("zig build", "build", "[test check] --summary:w --release= -freference-trace= "
		"--verbose"),
	TASK("zig test", "test", "--summary:w -O:w | r+"),
	FIX("zig fmt", "format", "!--check", "--check | r+"),
	LIST("zig version|env|zen", ""),
	TASK("deno test", "test", "--filter:w --fail-fast= --parallel --no-check --quiet -q "
		"--coverage --doc --trace-leaks --no-run | r*"),
	TASK("deno lint", "lint", "-q --quiet --json --compact | r*"),
	FIX("deno fmt", "format", "!--check", "--check -q --quiet | r*"),
	TASK("deno check", "check", "-q --quiet --all --doc | r*"),
	TASK("swiftlint", "lint", "--strict --quiet | r*"),
	TASK("swiftlint lint", "lint", "--strict --quiet | r*"),
	TASK("ktlint", "lint", "--relative --color | r*"),
	TASK("dart analyze", "lint", "--fatal-infos --fatal-warnings | r*"),
	TASK("dart test", "test", "-n:w --name:w -r:w --reporter:w -x:w -t:w -j:n | r*"),
	FIX("dart format", "format", "", "-l:n --line-length:n --set-exit-if-changed | r+"),
	TASK("flutter analyze", "lint", "--no-pub --no-fatal-infos --no-fatal-warnings | r*"),
	TASK("flutter test", "test", "--no-pub --name:w --plain-name:w --coverage --tags:w | r*"),

	/* C, C++ and the like */
	TASK("cmake --build", "build",
		"[--target -t all test check lint format] -j:n --parallel:n --config:w -v "
		"--verbose "
		"--clean-first | r"),
	TASK("ctest", "test",
		"--output-on-failure -V -VV -Q --quiet -R:w -E:w -L:w -LE:w -j:n --parallel:n -N "
		"--show-only --rerun-failed --stop-on-failure --timeout:n -C:w --build-config:w "
		"--test-dir:d --repeat:w --progress --no-tests:w --tests-regex:w "
		"--exclude-regex:w -I:w --schedule-random"),
	TASK("meson test", "test", "-C:d -v --verbose -q --quiet --suite:w --no-suite:w "
		"--print-errorlogs --no-rebuild --list -t:w --timeout-multiplier:w --repeat:n "
		"--num-processes:n -j:n --maxfail:n --benchmark | w*"),
	TASK("meson compile", "build", "-C:d -j:n -v --verbose"),
	OPTIONS("bazel|bazelisk", "--noblock_for_lock"),
	TASK("bazel|bazelisk test", "test", "-k --keep_going --test_output:w --test_filter:w "
		"--test_tag_filters:w --cache_test_results:w --nocache_test_results -c:w | w+"),
	TASK("bazel|bazelisk build", "build", "-k --keep_going -c:w | w+"),
	TASK("bazel|bazelisk version|info", "check", ""),
	EDITS("clang-format", "+-i",
		"[--style=file -style=file] -i -n --dry-run -Werror --Werror --verbose | r+"),

	/* Shell, configuration and infrastructure as text */
	LIST("shellcheck", "-x -a -f:w --format:w -e:w --exclude:w -s:w --shell:w -S:w "
		"--severity:w -i:w --include:w -C:w --color:w -o:w --enable:w --norc "
		"--external-sources | r+"),
	EDITS("stylua", "!--check", "--check | r+"),
	EDITS("shfmt", "+-w --write", "-w --write -l --list -d --diff -i:n -ci -bn -sr "
		"-s --simplify -ln:w | r*"),
	TASK("bats", "test", "-r --recursive -f:w --filter:w -t --tap -p --pretty -j:n --jobs:n "
		"-c --count -T --timing | r+"),
	LIST("hadolint", "--ignore:w --failure-threshold:w --no-color --no-fail -f:w "
		"--format:w | r+"),
	LIST("yamllint", "-s --strict -f:w --format:w --no-warnings | r+"),
	TASK("actionlint", "lint", "-no-color -color -oneline -verbose | r*"),
	LIST("codespell|typos", "--skip:w -q:n -S:w | r*"),
	TASK("cspell|vale|mdl", "lint",
		"--quiet --no-progress --skip:w -q:n -S:w | r*"),
	FIX("taplo fmt|format", "format", "!--check", "--check | r*"),
	TASK("taplo lint|check", "lint", "| r*"),
	TASK("sqlfluff lint", "lint", "--dialect:w -d:w | r+"),
	TASK("buf lint|build", "lint", "--path:r | r?"),
	LIST("helm lint", "--strict --quiet | r+"),
	OPTIONS("terraform|tofu", ""),
	EDITS("terraform|tofu fmt", "!-check",
		"[-write=false -diff=true -recursive=true] -check -recursive -diff -no-color | "
		"r*"),
	TASK("terraform|tofu validate", "check", TERRAFORM),
	LIST("terraform|tofu version", "-json"),
	TASK("tflint", "lint", "--recursive --no-color"),

	/* Compilers and interpreters asked what they are */
	LIST("rustc", "-V -vV --version --verbose"),
	LIST("rustup", "--version -V"),
	LIST("rustup show", "| w?"),
	LIST("rustup toolchain|target|component list", "--installed"),
	LIST("java|javac", "-version --version"),
	LIST("gcc|g++|cc|c++|clang|clang++|ld", "--version -v -dumpversion -dumpmachine"),
	LIST("ruby", "-v --version"),
	LIST("perl|lua|luajit", "-v --version"),
	LIST("php", "-v --version -m"),
	LIST("julia|ghc|stack|crystal|nim|tsx|bash-language-server",
		"-v --version"),
	LIST("protoc|pkg-config", "--version"),
	VERBS_END,
};
// clang-format on
