/* See before.h. */
#include "config.h"

#include "ipc/before.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char *before_host(char out[BEFORE_HOST])
{
	int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, BEFORE_HOST - 1) : 0;
	if (fd >= 0) {
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (!out[0] && gethostname(out, BEFORE_HOST) != 0) {
		out[0] = '\0';
	}
	out[BEFORE_HOST - 1] = '\0';
	return out;
}

struct hash before_absent(void)
{
	return hash_of(SPAN("bascule: there is no such file"));
}
