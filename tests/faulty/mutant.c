/* Which promise a faulty program is to break. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include <stdlib.h>
#include <string.h>

bool mutant(const char *name)
{
	const char *off = getenv("BASCULE_TEST_GUARD_OFF");
	return off && strcmp(off, name) == 0;
}
