/* Called by main.c and linear_run.c. */
#include "config.h"

#include "tui/clock.h"

#include <sys/time.h>
#include <uv.h>

int64_t clock_monotonic(void)
{
	return (int64_t)(uv_hrtime() / 1000000);
}

int64_t clock_wall(void)
{
	struct timeval t;
	gettimeofday(&t, NULL);
	return (int64_t)t.tv_sec * 1000 + t.tv_usec / 1000;
}
