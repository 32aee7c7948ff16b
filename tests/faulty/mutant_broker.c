/* A broker on a slow disk (BASCULE_TEST_SLOW_MS), and one that waits for it on its loop. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include "core/history.h"

#include <poll.h>
#include <stdlib.h>
#include <uv.h>

int __real_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after);
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb run, uv_after_work_cb after);
bool __real_history_sync_file(const char *path, struct err *err);
bool __wrap_history_sync_file(const char *path, struct err *err);

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
