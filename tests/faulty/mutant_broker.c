/* A broker on a slow disk (BASCULE_TEST_SLOW_MS), one that waits for it on its loop, and one that
 * takes every call of a gate, or none, for one that was asked at a hook. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include "core/history.h"
#include "core/policy/once.h"

#include <poll.h>
#include <stdlib.h>
#include <uv.h>

int __real_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after);
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after);
bool __real_history_sync_file(const char *path, struct err *err);
bool __wrap_history_sync_file(const char *path, struct err *err);
enum once_fit __real_once_fits(const struct once *once, const struct once_call *call);
enum once_fit __wrap_once_fits(const struct once *once, const struct once_call *call);

enum once_fit __wrap_once_fits(const struct once *once, const struct once_call *call)
{
	return mutant("once0") ? ONCE_OTHER
		: mutant("once1") && once->permission == call->permission
		? ONCE_FITS
		: __real_once_fits(once, call);
}

int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after)
{
	if (!mutant("inv11")) {
		return __real_uv_queue_work(loop, work, run, after);
	}
	run(work);
	after(work, 0);
	return 0;
}

bool __wrap_history_sync_file(const char *path, struct err *err)
{
	const char *slow = getenv("BASCULE_TEST_SLOW_MS");
	if (slow) {
		poll(NULL, 0, (int)strtol(slow, NULL, 10));
	}
	return __real_history_sync_file(path, err);
}
