/*
 * Which names of tasks say that they test, lint, format or build.
 *
 * A name is cut at ":", "-", "_", "." and "/"; one end of it must be a word of the first list, and
 * none of its parts of the second. Says nothing about what the task does: that its text is what a
 * person knows is another fact.
 */
#include "config.h"

#include "core/policy/rule.h"

static const char *const checks[] = { "test", "tests", "tested", "t", "unit", "e2e", "integration",
	"spec", "specs", "lint", "linter", "lints", "eslint", "stylelint", "prettier", "biome",
	"ruff", "flake8", "pylint", "mypy", "pyright", "tsc", "build", "compile", "format",
	"formatting", "fmt", "typecheck", "types", "check", "checks", "clippy", "vet", "verify",
	"validate", "coverage", "cov", "jest", "vitest", "pytest", "ctest", "doctest", "nextest",
	"typescript", "style", "help", "golint", "staticcheck", "shellcheck", "rubocop", "rspec",
	"phpunit", "phpstan", "all", "default", NULL };

static const char *const others[] = { "deploy", "deployment", "publish", "release", "push", "prod",
	"production", "live", "staging", "start", "serve", "install", "uninstall", "setup",
	"bootstrap", "clean", "clear", "destroy", "delete", "remove", "drop", "reset", "purge",
	"wipe", "migrate", "migration", "migrations", "seed", "up", "down", "rm", "upload", "ship",
	"tag", "bump", "version", "login", "logout", "sync", "send", "exec", "ssh", "remote",
	"eject", "rollback", "restore", "backup", "stop", "kill", "restart", "provision", "apply",
	"terraform", "docker", "jib", "kubectl", "helm", "aws", "gcloud", NULL };

static bool parts_apart(char c)
{
	return c == ':' || c == '-' || c == '_' || c == '.' || c == '/';
}

bool task_is_check(struct span name)
{
	bool first = false, last = false, begun = false;
	for (size_t at = 0; at <= name.len; at++) {
		size_t start = at;
		while (at < name.len && !parts_apart(name.at[at])) {
			at++;
		}
		struct span part = { name.at + start, at - start };
		if (span_in(part, others)) {
			return false;
		}
		last = span_in(part, checks);
		first |= !begun && last;
		begun = true;
	}
	return first || last;
}
