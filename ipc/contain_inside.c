/*
 * The last steps before the command, by the process that becomes it: limits, no new privileges, the
 * filter; then it says outside that the sandbox stands, waits until its number there is known, and
 * executes. Nothing of the command has run before all of this held.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"
#include "core/safe_text.h"

#include <errno.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static _Noreturn void give_up(const struct err *err)
{
	struct safe_text safe = safe_make(span_of(err->text), SAFE_ONE_LINE);
	fprintf(stderr, "bascule: no sandbox: %s\n", safe_cstr(&safe));
	_exit(CONTAIN_NO_SANDBOX);
}

static bool limit(int what, uint64_t most, struct err *err)
{
	struct rlimit old, now = { most, most };
	if (getrlimit((__rlimit_resource_t)what, &old) == 0 && old.rlim_max < most) {
		return true; /* it is lower already */
	}
	return setrlimit((__rlimit_resource_t)what, &now) == 0 ||
		fail(err, DIAG_SANDBOX, "a limit cannot be set: %s", strerror(errno));
}

/* Memory is counted as what a process may fill: room that is only reserved costs nothing, and
 * programs reserve far more than there is. */
static bool set_limits(const struct contain_inner *inner, struct err *err)
{
	return limit(RLIMIT_CORE, 0, err) &&
		(!inner->memory_mb || limit(RLIMIT_DATA, inner->memory_mb << 20, err)) &&
		(!inner->processes || limit(RLIMIT_NPROC, inner->processes, err));
}

static bool bound(const struct contain_inner *inner, struct err *err)
{
	if (!set_limits(inner, err)) {
		return false;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		return fail(err, DIAG_SANDBOX, "no new privileges: %s", strerror(errno));
	}
	if (inner->landlock) {
		return landlock_files(inner->landlock, getenv("TMPDIR"), err) &&
			contain_filter(false, inner->network, err);
	}
	landlock_scope();
	return contain_filter(true, true, err);
}

_Noreturn void contain_inside(const struct contain_inner *inner, char *const *command)
{
	struct err err = { 0 };
	char byte = 'r';
	sigset_t none;
	/* Whatever else was handed down ends here. */
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (!bound(inner, &err)) {
		give_up(&err);
	}
	if (send(inner->status, &byte, 1, MSG_NOSIGNAL) != 1 ||
		recv(inner->status, &byte, 1, 0) != 1) {
		_exit(CONTAIN_NO_SANDBOX); /* nobody waits any more */
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	int code = errno;
	struct safe_text name = safe_make(span_of(command[0]), SAFE_ONE_LINE);
	fprintf(stderr, "bascule: %s: %s\n", safe_cstr(&name), strerror(code));
	_exit(code == ENOENT ? CONTAIN_NOT_FOUND : CONTAIN_CANNOT_RUN);
}

/* inside STATUS MEMORY PROCESSES NETWORK -- COMMAND..., behind the program's name */
_Noreturn void contain_inside_main(int argc, char **argv)
{
	if (argc <= CONTAIN_INSIDE_WORDS) {
		_exit(CONTAIN_NO_SANDBOX);
	}
	struct contain_inner inner = {
		.status = (int)strtol(argv[2], NULL, 10),
		.memory_mb = strtoull(argv[3], NULL, 10),
		.processes = strtoull(argv[4], NULL, 10),
		.network = argv[5][0] == '1',
	};
	contain_inside(&inner, argv + CONTAIN_INSIDE_WORDS);
}
