/* Foreign text that reaches a person as it came. */
#include "config.h"

#include "tests/faulty/mutant.h"

#include "core/safe_text.h"

struct safe_text __real_safe_make(struct span foreign, enum safe_lines lines);
struct safe_text __wrap_safe_make(struct span foreign, enum safe_lines lines);
struct safe_text __real_safe_ascii(struct span foreign, enum safe_lines lines);
struct safe_text __wrap_safe_ascii(struct span foreign, enum safe_lines lines);

static struct safe_text as_it_came(struct span foreign)
{
	return (struct safe_text){ .safe_text_only_ = span_dup(foreign),
		.bytes = foreign.len,
		.columns = (unsigned)foreign.len };
}

struct safe_text __wrap_safe_make(struct span foreign, enum safe_lines lines)
{
	return mutant("inv06") ? as_it_came(foreign) : __real_safe_make(foreign, lines);
}

struct safe_text __wrap_safe_ascii(struct span foreign, enum safe_lines lines)
{
	return mutant("inv06") ? as_it_came(foreign) : __real_safe_ascii(foreign, lines);
}
