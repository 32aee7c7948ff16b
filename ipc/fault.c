/* Built into the test variants of gate and broker alone. */
#include "config.h"

#include "ipc/fault.h"

#ifdef BASCULE_TESTING

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const guard_names[] = {
#define X(id, name) name,
	GUARDS(X)
#undef X
};

static const char *const who_names[] = {
#define X(id, name) name,
	FAULT_WHOS(X)
#undef X
};

void fault_at(enum fault_who who, enum life_event event)
{
	static unsigned count;
	const char *spec = getenv("BASCULE_TEST_FAULT");
	char mine[64];
	if (!spec) {
		return;
	}
	snprintf(mine, sizeof(mine), "%s:%s", who_names[who], life_event_name(event));
	size_t n = strlen(mine);
	if (strncmp(spec, mine, n) != 0 || (spec[n] && spec[n] != ':')) {
		return;
	}
	if (++count >= (spec[n] ? strtoul(spec + n + 1, NULL, 10) : 1)) {
		kill(getpid(), SIGKILL);
	}
}

void fault_pass_on(char **env)
{
	static const char *const names[FAULT_VARIABLES] = { "BASCULE_TEST_FAULT",
		"BASCULE_TEST_GUARD_OFF" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value) {
			/* a launch is once: the copy stays */
			*env++ = xasprintf("%s=%s", names[i], value);
		}
	}
}

void fault_step(const char *step)
{
	const char *spec = getenv("BASCULE_TEST_STEP");
	if (spec && strcmp(spec, step) == 0) {
		_exit(99);
	}
}

bool guard_on(enum fault_guard guard)
{
	const char *off = getenv("BASCULE_TEST_GUARD_OFF");
	return !off || strcmp(off, guard_names[guard]) != 0;
}

#endif
