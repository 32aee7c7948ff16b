/*
 * The filter of system calls: what would let a contained process look into others, make namespaces
 * or mounts of its own, reach the kernel's less tried corners, or type into the terminal that it
 * shares with people. Names that this machine's libseccomp does not know are left out.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static const struct {
	const char *name;
	int error;
} refused[] = {
	/* other processes */
	{ "ptrace", EPERM },
	{ "process_vm_readv", EPERM },
	{ "process_vm_writev", EPERM },
	{ "process_madvise", EPERM },
	{ "pidfd_getfd", EPERM },
	{ "kcmp", EPERM },
	/* keys of the session */
	{ "add_key", EPERM },
	{ "request_key", EPERM },
	{ "keyctl", EPERM },
	/* mounts and namespaces */
	{ "mount", EPERM },
	{ "umount", EPERM },
	{ "umount2", EPERM },
	{ "pivot_root", EPERM },
	{ "chroot", EPERM },
	{ "open_tree", EPERM },
	{ "move_mount", EPERM },
	{ "fsopen", EPERM },
	{ "fsconfig", EPERM },
	{ "fsmount", EPERM },
	{ "fspick", EPERM },
	{ "mount_setattr", EPERM },
	{ "unshare", EPERM },
	{ "setns", EPERM },
	{ "clone3", ENOSYS }, /* its flags lie in memory; libraries then take clone */
	{ "open_by_handle_at", EPERM },
	{ "name_to_handle_at", EPERM },
	/* the kernel itself */
	{ "bpf", EPERM },
	{ "perf_event_open", EPERM },
	{ "userfaultfd", EPERM },
	{ "io_uring_setup", ENOSYS }, /* what it does passes by every filter */
	{ "io_uring_enter", ENOSYS },
	{ "io_uring_register", ENOSYS },
	{ "init_module", EPERM },
	{ "finit_module", EPERM },
	{ "delete_module", EPERM },
	{ "kexec_load", EPERM },
	{ "kexec_file_load", EPERM },
	{ "reboot", EPERM },
	{ "swapon", EPERM },
	{ "swapoff", EPERM },
	{ "acct", EPERM },
	{ "quotactl", EPERM },
	{ "syslog", EPERM },
	{ "settimeofday", EPERM },
	{ "clock_settime", EPERM },
	{ "adjtimex", EPERM },
	{ "clock_adjtime", EPERM },
	{ "nfsservctl", EPERM },
	{ "lookup_dcookie", EPERM },
	{ "vhangup", EPERM },
};

/* A pseudo number means that this architecture has no such call. */
static bool refuse(scmp_filter_ctx filter, const char *name, int error, unsigned count,
	struct scmp_arg_cmp arg)
{
	int number = seccomp_syscall_resolve_name(name);
	return number < 0 ||
		seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((uint32_t)error), number, count,
			count ? &arg : NULL) == 0;
}

static bool refuse_calls(scmp_filter_ctx filter)
{
	bool ok = true;
	for (size_t i = 0; ok && i < COUNT_OF(refused); i++) {
		ok = refuse(
			filter, refused[i].name, refused[i].error, 0, (struct scmp_arg_cmp){ 0 });
	}
	/* The kernel looks at 32 bits of a request. */
	static const uint64_t typing[] = { TIOCSTI, 0x541c /* TIOCLINUX */ };
	for (size_t i = 0; ok && i < COUNT_OF(typing); i++) {
		ok = refuse(filter, "ioctl", EPERM, 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, typing[i]));
	}
	return ok &&
		refuse(filter, "clone", EPERM, 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
}

/* Of the families of sockets only the usual ones. A number with high bits set is beyond the last,
 * though the kernel would not see them. */
static bool refuse_sockets(scmp_filter_ctx filter, bool unix_sockets, bool inet)
{
	bool ok = refuse(filter, "socket", EPERM, 1, SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0));
	for (uint64_t family = 0; ok && family < AF_NETLINK; family++) {
		bool may = family == AF_UNIX                      ? unix_sockets
			: family == AF_INET || family == AF_INET6 ? inet
								  : false;
		ok = may || refuse(filter, "socket", EPERM, 1, SCMP_A0(SCMP_CMP_EQ, family, 0));
	}
	return ok;
}

bool contain_filter(bool unix_sockets, bool inet, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter && refuse_calls(filter) && refuse_sockets(filter, unix_sockets, inet) &&
		seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok || fail(err, DIAG_SANDBOX, "the filter of system calls cannot be set");
}
