/* A gate that starts servers through a shell, and one that stops reading its client while a call is
 * held. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include "core/buf.h"
#include "ipc/gate.h"

#include <unistd.h>

int __real_execvp(const char *file, char *const argv[]);
int __wrap_execvp(const char *file, char *const argv[]);
void __real_call_held(struct call *call, int64_t number, bool watched);
void __wrap_call_held(struct call *call, int64_t number, bool watched);

int __wrap_execvp(const char *file, char *const argv[])
{
	struct buf words = { 0 };
	if (!mutant("inv05")) {
		return __real_execvp(file, argv);
	}
	for (; *argv; argv++) {
		buf_text(&words, *argv);
		buf_char(&words, ' ');
	}
	return execl("/bin/sh", "sh", "-c", buf_cstr(&words), (char *)NULL);
}

void __wrap_call_held(struct call *call, int64_t number, bool watched)
{
	__real_call_held(call, number, watched);
	if (mutant("inv10")) {
		stream_pause(call->gate->client_in);
	}
}
