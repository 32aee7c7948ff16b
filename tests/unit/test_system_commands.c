/* What acts on the machine, on other terminals and on bascule. */
#include "config.h"

#include "command_say.h"

// clang-format off
static const struct command_case cases[] = {
	{ "kill 1234", "process kill; exec unproven" },
	{ "kill -l", "exec readonly" },
	{ "pkill -f bascule", "process kill; self; exec unproven" },
	{ "tmux send-keys -t bascule y Enter", "self; exec unproven" },
	{ "tmux send-k y", "self; exec unproven" },
	{ "tmux ls", "exec unproven" },
	{ "xdotool key y", "self; exec unproven" },
	{ "screen -X stuff y", "self; exec unproven" },
	{ "bascule approve 17", "self; exec unproven" },
	{ "bascule", "self; exec unproven" },
	{ "bascule --help", "exec unproven" },
	{ "bascule status", "exec unproven" },
	{ "bascule policy check", "exec unproven" },
	{ "bascule policy allow x", "self; exec unproven" },
	{ "bascule history", "exec unproven" },
	{ "systemctl restart nginx", "process; exec unproven" },
	{ "systemctl status nginx", "exec readonly" },
	{ "crontab -l", "process; exec unproven" },
	{ "crontab x", "process; exec unproven" },
	{ "shutdown now", "process; exec unproven" },
	{ "dd if=/dev/zero of=/dev/sda", "destructive dd; exec unproven" },
	{ "mkfs.ext4 /dev/sda1", "destructive mkfs.ext4; exec unproven" },
	{ "wipefs -a /dev/sda", "destructive wipefs; exec unproven" },
	{ "iptables -F", "exec wide" },
	{ "ip addr", "exec readonly" },
	{ "ip addr show", "exec readonly" },
	{ "ip link set eth0 down", "exec unproven" },
	{ "dmesg", "exec readonly" },
	{ "dmesg -C", "exec unproven" },
	{ "sysctl -w a=b", "exec unproven" },
	{ "journalctl -f", "exec unproven" },
	{ "chown u f", "exec unproven" },
	{ "claude -p x", "exec wide" },
	{ "codex exec x", "exec wide" },
	{ "netstat -an", "exec readonly" },
	{ "ss -tlnp", "exec readonly" },
};

/* None of these may be taken for something that policy lets through. */
static const char *const held[] = {
	"code --install-extension x", "claude mcp add x", "claude -p x", "codex exec x",
	"kill 1", "kill -9 -1", "pkill node", "killall bascule", "pkill -f bascule",
	"systemctl stop x", "systemctl status x -H host", "service nginx restart", "crontab x",
	"crontab -r", "shutdown now", "mount /dev/sda1 /mnt", "dd if=/dev/zero of=/dev/sda",
	"mkfs.ext4 /dev/sda1", "shred x", "tmux send-keys -t 0 y", "tmux send -t 0 y",
	"tmux send-k y", "tmux new-session -d x", "tmux ls", "tmux ls ; send-keys y",
	"tmux capture-pane -p", "screen -X stuff y", "xdotool type y", "wtype y",
	"ydotool key 28:1", "osascript -e x", "script -c 'rm x'", "bascule approve 1", "bascule",
	"bascule policy allow x", "bascule policy check", "open https://x.example",
	"open file.txt", "xdg-open /out/x", "journalctl -f", "chown u f", "history", "fc -s",
	"ip link set x down", "sysctl -w x=y", "sysctl x=y", "dmesg -C",
};
// clang-format on

static void test_effects(void **state)
{
	(void)state;
	check_commands(cases, COUNT_OF(cases));
}

static void test_held(void **state)
{
	(void)state;
	check_lines(held, COUNT_OF(held), true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
