/* Called by the views that list something. */
#include "config.h"

#include "tui/roll.h"

bool roll_move(enum command command, size_t *at, size_t count)
{
	size_t last = count ? count - 1 : 0, here = *at < last ? *at : last;
	switch (command) {
	case COMMAND_NEXT:
		*at = here < last ? here + 1 : last;
		return true;
	case COMMAND_PREVIOUS:
		*at = here ? here - 1 : 0;
		return true;
	case COMMAND_FIRST:
		*at = 0;
		return true;
	case COMMAND_LAST:
		*at = last;
		return true;
	default:
		return false;
	}
}

size_t roll_top(size_t top, size_t at, size_t count, int page)
{
	size_t rows = page > 0 ? (size_t)page : 1;
	if (at < top) {
		top = at;
	} else if (at >= top + rows) {
		top = at - rows + 1;
	}
	if (top + rows > count) {
		top = count > rows ? count - rows : 0;
	}
	return top;
}
