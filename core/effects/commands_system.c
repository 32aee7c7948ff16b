/*
 * What acts on the machine itself: processes, services, disks, accounts; what types into other
 * terminals; agents; and bascule.
 *
 * Nothing here is ever allowed but plain listings.
 */
#include "config.h"

#include <string.h>

#include "core/effects/url.h"
#include "core/effects/verb.h"

/* Ours by any name: the program, its processes, its window. */
static bool names_us(const struct command *command)
{
	for (size_t i = 1; i < command->argc; i++) {
		if (strstr(command->argv[i].text, "bascule") != NULL) {
			return true;
		}
	}
	return false;
}

static void add_self(struct command_line *line, const struct command *command)
{
	verb_add(line, command, EFFECT_SELF, "", "");
	command_exec(line, command, EXEC_UNPROVEN);
}

static void read_kill(struct command_line *line, const struct command *command)
{
	const char *name = command->argv[0].text;
	bool asks = command->argc == 2 && verb_listed("-l -L --list --help", command->argv[1].text);
	if (asks) {
		command_exec(line, command, EXEC_READONLY);
		return;
	}
	verb_add(line, command, EFFECT_PROCESS, "kill", "");
	if (names_us(command)) {
		verb_add(line, command, EFFECT_SELF, "", "");
	}
	command_unproven(line, command, "%.20s ends processes", name);
}

/* tmux takes any unique beginning of a command's name, and several commands in one line. */
static void read_tmux(struct command_line *line, const struct command *command)
{
	static const char listing[] =
		"ls list-sessions list-windows lsw list-panes lsp list-keys lsk "
		"list-commands lscm list-clients lsc has-session has info -V";
	bool lists = command->argc > 1 && verb_listed(listing, command->argv[1].text);
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		size_t len = command->argv[i].len;
		lists = lists && (len == 0 || text[len - 1] != ';') && strstr(text, "#(") == NULL;
	}
	if (lists) {
		command_unproven(line, command, "it looks at other terminals");
	} else {
		add_self(line, command);
	}
}

static void read_bascule(struct command_line *line, const struct command *command)
{
	const char *verb = command->argc > 1 ? command->argv[1].text : "";
	const char *next = command->argc > 2 ? command->argv[2].text : "";
	bool reads = verb_listed("--version --help help status history paths", verb) ||
		(strcmp(verb, "policy") == 0 &&
			verb_listed("check test explain sets profiles", next));
	if (reads) {
		command_unproven(line, command, "it reads what bascule knows");
	} else {
		add_self(line, command);
	}
}

static void read_open(struct command_line *line, const struct command *command)
{
	for (size_t i = 1; i < command->argc; i++) {
		const struct shell_word *word = &command->argv[i];
		if (strstr(word->text, "://") != NULL) {
			url_effect(line->out, line->arg, (struct span){ word->text, word->len });
		}
	}
	command_unproven(line, command, "it opens another program");
}

static void read_disk(struct command_line *line, const struct command *command)
{
	command_add(line, EFFECT_DESTRUCTIVE, "what is on a disk or in a file",
		command->argv[0].text, "");
	command_exec(line, command, EXEC_UNPROVEN);
}

static const char agent_words[] = "it starts another agent";
static const char host_words[] = "it changes the host";

// clang-format off
const struct verb_row verbs_system[] = {
	/* listings */
	LIST("lsof", "-i:w -t -n -P -p:w -u:w -a -c:w -s:w -l -U -F:w | r*"),
	LIST("ss", "-t -u -l -n -p -a -s -4 -6 -x -e -H -r --tcp --udp --listening --numeric "
		"--processes | w*"),
	LIST("netstat", "-t -u -l -n -p -a -r -i -s -v -f:w -4 -6"),
	LIST("vmstat|iostat|mpstat", "| n*"),
	LIST("who|w|users|last|groups|tty", "| w?"),
	LIST("ifconfig", ""),
	LIST("sw_vers|lscpu|lsblk|lsusb|lspci|nproc|arch", "-productVersion -a -f --json --all"),
	LIST("ip a|addr|address|link|route|r", ""),
	LIST("ip a|addr|address|link|route|r show|list|ls", "| w*"),
	LIST("systemctl status|is-active|is-enabled|list-units|list-unit-files|is-failed",
		"--no-pager --user -l "
		"--type:w --state:w --all | w*"),
	LIST("launchctl list", "| w?"),
	LIST("service --status-all", ""),
	LIST("dmesg", "-T -H --human --ctime"),
	LIST("sysctl", "[hw.ncpu hw.memsize hw.physicalcpu hw.logicalcpu kern.osrelease] -n -a"),
	LIST("mount", ""),
	LIST("hostnamectl|timedatectl|localectl status", ""),
	LIST("diskutil list", ""),

	/* the host */
	ASKED("systemctl|service|launchctl|supervisorctl|pm2|rc-service|initctl|sv",
		VERB_PROCESS, "", ""),
	ASKED("crontab|at|batch|systemd-run|atrm|anacron", VERB_PROCESS, "", ""),
	ASKED("shutdown|reboot|halt|poweroff|init|telinit|pmset", VERB_PROCESS, "", ""),
	ASKED("renice|chrt|taskset|ionice-p|prlimit|reptyr|strace|ltrace|gdb|lldb|ptrace|perf|"
		"bpftrace|dtrace",
		VERB_PROCESS, "", ""),
	ASKED("umount|losetup|swapon|swapoff|iptables|ip6tables|nft|ufw|firewall-cmd|pfctl|ip|"
		"route|tc|nmcli|"
		"networksetup|modprobe|insmod|rmmod|useradd|userdel|usermod|groupadd|groupdel|"
		"passwd|chpasswd|adduser|"
		"deluser|visudo|update-alternatives|ldconfig|loginctl|hostnamectl|timedatectl|"
		"localectl|chroot|setcap|chsh|chfn|"
		"defaults|spctl|csrutil|scutil|dscl|nvram|setenforce|semanage|auditctl|"
		"hostname|update-grub|grub-install|"
		"efibootmgr|cryptsetup|lvremove|lvcreate|vgremove|pvremove|mdadm|zfs|zpool|"
		"btrfs|diskutil|hdiutil|tmutil|quota",
		VERB_WIDE, host_words, ""),
	ASKED("chown|chgrp|chattr|setfacl|setfattr|xattr|chflags", VERB_UNPROVEN, "it changes "
		"who may use files", ""),
	ASKED("journalctl|coredumpctl|ausearch|log", VERB_UNPROVEN, "it reads logs outside the "
		"scope", ""),
	ASKED("ifconfig", VERB_WIDE, host_words, ""),

	/* what types into other windows, or looks at them */
	ASKED("xdotool|ydotool|wtype|ttyd|dotool|xte|cliclick|gotty|tmate|wezterm|kitty|kitten|"
		"zellij|ttyecho|writevt|uinput",
		VERB_SELF, NULL, ""),
	ASKED("screen|byobu|dvtm|abduco|dtach", VERB_SELF, NULL, ""),
	ASKED("write|wall|mesg", VERB_SELF, NULL, ""),
	ASKED("script|expect|unbuffer|socat|ptyrun", VERB_WIDE, "it runs what it is given on a "
		"terminal of its own", ""),
	ASKED("xclip|xsel|pbcopy|pbpaste|wl-copy|wl-paste|clip.exe", VERB_UNPROVEN, "it uses "
		"the clipboard", ""),
	ASKED("screencapture|scrot|grim|import|xwd|gnome-screenshot", VERB_UNPROVEN, "it takes "
		"a picture of the screen", ""),
	ASKED("notify-send|say|espeak|terminal-notifier", VERB_UNPROVEN, "it speaks to the "
		"person", ""),
	ASKED("history|fc", VERB_UNPROVEN, "it reads or runs what was typed before", ""),

	/* agents */
	ASKED("claude mcp add|add-json|add-from-claude-desktop|remove", VERB_INSTALL, "claude",
		"-s:w --scope:w -e:w --env:w -t:w --transport:w -H:w"),
	ASKED("claude plugin|plugins|install|update", VERB_INSTALL, "claude", "-s:w --scope:w "
		"-e:w --env:w -t:w --transport:w -H:w"),
	ASKED("codex|gemini mcp add|remove", VERB_INSTALL, "codex", "-s:w --scope:w -e:w "
		"--env:w -t:w --transport:w -H:w"),
	ASKED("gemini extensions install|update|link|uninstall", VERB_INSTALL, "gemini", "-s:w "
		"--scope:w -e:w --env:w -t:w --transport:w -H:w"),
	ASKED("claude|codex|gemini|opencode|cursor-agent|aider|goose|amp|crush|copilot|qwen|"
		"droid|cline|plandex|q|kiro|auggie|llm",
		VERB_WIDE, agent_words, ""),
	VERBS_END,
};

const struct command_row commands_system[] = {
	{ "kill", read_kill, NULL }, { "pkill", read_kill, NULL }, { "killall", read_kill, NULL },
	{ "xkill", read_kill, NULL }, { "skill", read_kill, NULL }, { "tmux", read_tmux, NULL },
	{ "bascule", read_bascule, NULL }, { "basculed", read_bascule, NULL },
	{ "bascule-broker", read_bascule, NULL }, { "gio", read_open, NULL },
	{ "start", read_open, NULL }, { "sensible-browser", read_open, NULL },
	{ "dd", read_disk, NULL }, { "wipefs", read_disk, NULL }, { "shred", read_disk, NULL },
	{ "srm", read_disk, NULL }, { "fdisk", read_disk, NULL }, { "sfdisk", read_disk, NULL },
	{ "gdisk", read_disk, NULL }, { "sgdisk", read_disk, NULL },
	{ "parted", read_disk, NULL }, { "mkfs", read_disk, NULL },
	{ "mkfs.ext4", read_disk, NULL }, { "mkfs.xfs", read_disk, NULL },
	{ "mkfs.vfat", read_disk, NULL }, { "mke2fs", read_disk, NULL },
	{ "mkswap", read_disk, NULL }, { "fstrim", read_disk, NULL },
	{ "blkdiscard", read_disk, NULL }, { "hdparm", read_disk, NULL },
	{ "badblocks", read_disk, NULL }, { "debugfs", read_disk, NULL },
	{ "format", read_disk, NULL }, { "lsof", verb_read, NULL }, { "ss", verb_read, NULL },
	{ "netstat", verb_read, NULL }, { "vmstat", verb_read, NULL },
	{ "iostat", verb_read, NULL }, { "mpstat", verb_read, NULL }, { "who", verb_read, NULL },
	{ "w", verb_read, NULL }, { "users", verb_read, NULL }, { "last", verb_read, NULL },
	{ "groups", verb_read, NULL }, { "tty", verb_read, NULL },
	{ "ifconfig", verb_read, NULL }, { "sw_vers", verb_read, NULL },
	{ "lscpu", verb_read, NULL }, { "lsblk", verb_read, NULL }, { "lsusb", verb_read, NULL },
	{ "lspci", verb_read, NULL }, { "nproc", verb_read, NULL }, { "arch", verb_read, NULL },
	{ "ip", verb_read, NULL }, { "crontab", verb_read, NULL },
	{ "systemctl", verb_read, NULL }, { "launchctl", verb_read, NULL },
	{ "service", verb_read, NULL }, { "dmesg", verb_read, NULL },
	{ "sysctl", verb_read, NULL }, { "mount", verb_read, NULL },
	{ "hostnamectl", verb_read, NULL }, { "timedatectl", verb_read, NULL },
	{ "localectl", verb_read, NULL }, { "diskutil", verb_read, NULL },
	{ "supervisorctl", verb_read, NULL }, { "pm2", verb_read, NULL },
	{ "rc-service", verb_read, NULL }, { "initctl", verb_read, NULL },
	{ "sv", verb_read, NULL }, { "at", verb_read, NULL }, { "batch", verb_read, NULL },
	{ "systemd-run", verb_read, NULL }, { "atrm", verb_read, NULL },
	{ "anacron", verb_read, NULL }, { "shutdown", verb_read, NULL },
	{ "reboot", verb_read, NULL }, { "halt", verb_read, NULL },
	{ "poweroff", verb_read, NULL }, { "init", verb_read, NULL },
	{ "telinit", verb_read, NULL }, { "pmset", verb_read, NULL },
	{ "renice", verb_read, NULL }, { "ionice-p", verb_read, NULL },
	{ "prlimit", verb_read, NULL }, { "reptyr", verb_read, NULL },
	{ "ptrace", verb_read, NULL }, { "bpftrace", verb_read, NULL },
	{ "dtrace", verb_read, NULL }, { "umount", verb_read, NULL },
	{ "losetup", verb_read, NULL }, { "swapon", verb_read, NULL },
	{ "swapoff", verb_read, NULL }, { "iptables", verb_read, NULL },
	{ "ip6tables", verb_read, NULL }, { "nft", verb_read, NULL }, { "ufw", verb_read, NULL },
	{ "firewall-cmd", verb_read, NULL }, { "pfctl", verb_read, NULL },
	{ "route", verb_read, NULL }, { "tc", verb_read, NULL }, { "nmcli", verb_read, NULL },
	{ "networksetup", verb_read, NULL }, { "modprobe", verb_read, NULL },
	{ "insmod", verb_read, NULL }, { "rmmod", verb_read, NULL },
	{ "useradd", verb_read, NULL }, { "userdel", verb_read, NULL },
	{ "usermod", verb_read, NULL }, { "groupadd", verb_read, NULL },
	{ "groupdel", verb_read, NULL }, { "passwd", verb_read, NULL },
	{ "chpasswd", verb_read, NULL }, { "adduser", verb_read, NULL },
	{ "deluser", verb_read, NULL }, { "visudo", verb_read, NULL },
	{ "update-alternatives", verb_read, NULL }, { "ldconfig", verb_read, NULL },
	{ "loginctl", verb_read, NULL }, { "setcap", verb_read, NULL },
	{ "chsh", verb_read, NULL }, { "chfn", verb_read, NULL }, { "defaults", verb_read, NULL },
	{ "spctl", verb_read, NULL }, { "csrutil", verb_read, NULL },
	{ "scutil", verb_read, NULL }, { "dscl", verb_read, NULL }, { "nvram", verb_read, NULL },
	{ "setenforce", verb_read, NULL }, { "semanage", verb_read, NULL },
	{ "auditctl", verb_read, NULL }, { "hostname", verb_read, NULL },
	{ "update-grub", verb_read, NULL }, { "grub-install", verb_read, NULL },
	{ "efibootmgr", verb_read, NULL }, { "cryptsetup", verb_read, NULL },
	{ "lvremove", verb_read, NULL }, { "lvcreate", verb_read, NULL },
	{ "vgremove", verb_read, NULL }, { "pvremove", verb_read, NULL },
	{ "mdadm", verb_read, NULL }, { "zfs", verb_read, NULL }, { "zpool", verb_read, NULL },
	{ "btrfs", verb_read, NULL }, { "hdiutil", verb_read, NULL },
	{ "tmutil", verb_read, NULL }, { "quota", verb_read, NULL }, { "chown", verb_read, NULL },
	{ "chgrp", verb_read, NULL }, { "chattr", verb_read, NULL },
	{ "setfacl", verb_read, NULL }, { "setfattr", verb_read, NULL },
	{ "xattr", verb_read, NULL }, { "chflags", verb_read, NULL },
	{ "journalctl", verb_read, NULL }, { "coredumpctl", verb_read, NULL },
	{ "ausearch", verb_read, NULL }, { "log", verb_read, NULL },
	{ "xdotool", verb_read, NULL }, { "ydotool", verb_read, NULL },
	{ "wtype", verb_read, NULL }, { "ttyd", verb_read, NULL }, { "dotool", verb_read, NULL },
	{ "xte", verb_read, NULL }, { "cliclick", verb_read, NULL }, { "gotty", verb_read, NULL },
	{ "tmate", verb_read, NULL }, { "wezterm", verb_read, NULL },
	{ "kitty", verb_read, NULL }, { "kitten", verb_read, NULL },
	{ "zellij", verb_read, NULL }, { "ttyecho", verb_read, NULL },
	{ "writevt", verb_read, NULL }, { "uinput", verb_read, NULL },
	{ "screen", verb_read, NULL }, { "byobu", verb_read, NULL }, { "dvtm", verb_read, NULL },
	{ "abduco", verb_read, NULL }, { "dtach", verb_read, NULL }, { "write", verb_read, NULL },
	{ "wall", verb_read, NULL }, { "mesg", verb_read, NULL }, { "socat", verb_read, NULL },
	{ "ptyrun", verb_read, NULL }, { "xclip", verb_read, NULL }, { "xsel", verb_read, NULL },
	{ "pbcopy", verb_read, NULL }, { "pbpaste", verb_read, NULL },
	{ "wl-copy", verb_read, NULL }, { "wl-paste", verb_read, NULL },
	{ "clip.exe", verb_read, NULL }, { "screencapture", verb_read, NULL },
	{ "scrot", verb_read, NULL }, { "grim", verb_read, NULL }, { "import", verb_read, NULL },
	{ "xwd", verb_read, NULL }, { "gnome-screenshot", verb_read, NULL },
	{ "notify-send", verb_read, NULL }, { "say", verb_read, NULL },
	{ "espeak", verb_read, NULL }, { "terminal-notifier", verb_read, NULL },
	{ "fc", verb_read, NULL }, { "claude", verb_read, NULL }, { "codex", verb_read, NULL },
	{ "gemini", verb_read, NULL }, { "opencode", verb_read, NULL },
	{ "cursor-agent", verb_read, NULL }, { "aider", verb_read, NULL },
	{ "goose", verb_read, NULL }, { "amp", verb_read, NULL }, { "crush", verb_read, NULL },
	{ "copilot", verb_read, NULL }, { "qwen", verb_read, NULL }, { "droid", verb_read, NULL },
	{ "cline", verb_read, NULL }, { "plandex", verb_read, NULL }, { "q", verb_read, NULL },
	{ "kiro", verb_read, NULL }, { "auggie", verb_read, NULL }, { "llm", verb_read, NULL },
	{ NULL, NULL, NULL },
};
// clang-format on
