/* A console whose approving key acts at once, whatever was shown. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include "tui/guard.h"

enum guard_answer __real_guard_may_approve(const struct guard *guard, int64_t at);
enum guard_answer __wrap_guard_may_approve(const struct guard *guard, int64_t at);

enum guard_answer __wrap_guard_may_approve(const struct guard *guard, int64_t at)
{
	return mutant("inv07") ? GUARD_OK : __real_guard_may_approve(guard, at);
}
