#!/usr/bin/python3
"""Desktop notifications against a mocked daemon on a private bus, and bascule-notifier by itself."""
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import desk  # noqa: E402


class Healthy(desk.DesktopTest):
    def setUp(self):
        super().setUp()
        self.start(desk.Bus, self.where)
        self.mock = self.start(desk.Mock, self.address)
        self.host = self.start(desk.Host, self.address)

    def test_burst_is_one_notification(self):
        self.host.do("burst 50 medium filesystem write_file")
        shown = self.mock.ask("Notify")
        self.assertEqual(shown["summary"], "bascule: 50 calls wait")
        self.assertEqual(shown["body"], "medium risk: write_file (filesystem), and 49 more")
        self.assertEqual(shown["actions"], [])
        self.assertEqual(shown["urgency"], 1)
        self.host.do("count 0")
        self.assertEqual(self.mock.ask("Close")["id"], shown["id"])
        self.assertEqual(self.mock.count("Notify"), 0)
        self.host.leave()

    def test_what_is_not_to_be_told_is_not(self):
        for detail, summary, body, urgency in (("none", "bascule: something waits", "", 1),
                                               ("count", "bascule: 3 calls wait", "high risk", 2)):
            host = self.start(desk.Host, self.address, detail=detail)
            host.do("burst 3 high filesystem write_file")
            shown = self.mock.ask("Notify")
            self.assertEqual((shown["summary"], shown["body"], shown["urgency"]), (summary, body, urgency))
            host.leave()
            self.mock.ask("Close")

    def test_more_updates_fewer_does_not(self):
        self.host.do("hold 1 low git git_status")
        first = self.mock.ask("Notify")
        self.assertEqual((first["summary"], first["body"], first["urgency"]),
                         ("bascule: a call waits", "low risk: git_status (git)", 0))
        self.host.do("hold 2 high git git_push")
        second = self.mock.ask("Notify")
        self.assertEqual((second["replaces"], second["body"], second["urgency"]),
                         (first["id"], "high risk: git_push (git), and 1 more", 2))
        self.host.do("count 1")
        self.host.do("hold 2 low git git_log")
        third = self.mock.ask("Notify")
        self.assertEqual((third["replaces"], third["body"]), (first["id"], "low risk: git_log (git), and 1 more"))
        self.host.do("count 0")
        self.mock.ask("Close")
        self.host.leave()

    def test_burst_names_its_riskiest(self):
        for line in ("hold 1 low a read", "hold 2 high b push", "hold 3 medium c write"):
            self.host.do(line)
        self.assertEqual(self.mock.ask("Notify")["body"], "high risk: push (b), and 2 more")

    def test_unknown_risk_counts_as_high(self):
        self.host.do("hold 1 none a tool")
        self.assertEqual(self.mock.ask("Notify")["body"], "high risk: tool (a)")

    def test_decided_within_the_burst_shows_nothing(self):
        self.host.do("burst 3 high a tool")
        self.host.do("count 0")
        self.host.do("hold 1 low b other")
        self.assertEqual(self.mock.ask("Notify")["body"], "low risk: other (b)")

    def test_mute_closes_and_keeps_quiet(self):
        self.host.do("hold 1 high a seen")
        shown = self.mock.ask("Notify")
        self.host.do("mute 1")
        self.assertEqual(self.mock.ask("Close")["id"], shown["id"])
        self.host.do("mute 0")
        self.host.do("mute 1")
        self.host.do("hold 2 low b unseen")
        self.host.do("mute 0")
        self.assertEqual(self.mock.ask("Notify")["body"], "low risk: unseen (b), and 1 more")

    def test_end_closes_what_is_shown(self):
        self.host.do("hold 1 high a tool")
        self.mock.ask("Notify")
        self.host.leave()
        self.mock.ask("Close")

    def test_killed_host_leaves_nothing_on_screen(self):
        self.host.do("hold 1 high a tool")
        self.mock.ask("Notify")
        helper = self.host.helper()
        self.host.process.kill()
        self.mock.ask("Close")
        desk.wait_for(lambda: desk.is_zombie(helper), what="the helper's end")

    def test_clicks_and_dismissal_mean_nothing(self):
        import dbus
        self.host.do("hold 1 high a tool")
        self.mock.ask("Notify")
        bus = dbus.bus.BusConnection(self.address)
        hand = dbus.Interface(bus.get_object("org.freedesktop.Notifications", "/org/freedesktop/Notifications"),
                              "bascule.Mock")
        hand.Poke("click")
        hand.Poke("dismiss")
        self.host.do("hold 2 low a next")
        self.assertEqual(self.mock.ask("Notify")["body"], "low risk: next (a), and 1 more")
        self.assertEqual([line for line in self.host.drain() if line.startswith("log")], [])
        self.host.leave()

    def test_hostile_names(self):
        self.host.do("hold 1 high <b>srv</b> a&b <img src='x'/> \x1b]0;t\x07\u202e\u200b " + "w" * 5000)
        body = self.mock.ask("Notify")["body"]
        self.assertTrue(body.startswith("high risk: a&amp;b &lt;img src="), body)
        self.assertIn("(&lt;b&gt;srv&lt;/b&gt;)", body)
        for foreign in ("\x1b", "\x07", "\u202e", "\u200b", "<"):
            self.assertNotIn(foreign, body)
        self.assertLess(len(body), 300)

    def test_idle_means_asleep(self):
        self.host.do("hold 1 high a tool")
        self.mock.ask("Notify")
        helper = self.host.helper()
        desk.wait_for(lambda: wakes(helper) == steady(lambda: wakes(helper)), what="a helper at rest")
        before = wakes(self.host.process.pid), wakes(helper)
        time.sleep(1.5)
        self.assertEqual((wakes(self.host.process.pid), wakes(helper)), before)

    def test_dead_helper_is_replaced(self):
        self.host.do("cadence 1")
        self.host.do("hold 1 low a first")
        self.mock.ask("Notify")
        os.kill(self.host.helper(), signal.SIGKILL)
        desk.wait_for(lambda: not self.host.helpers(), what="the helper's end")
        self.host.do("hold 2 low a second")
        self.assertEqual(self.mock.ask("Notify")["body"], "low risk: second (a), and 1 more")
        self.assertLess(self.host.gap(), desk.GAP_MS)
        self.host.leave()


class Line(desk.DesktopTest):
    """bascule-notifier by itself."""

    def talk(self, *lines, address=None):
        done = subprocess.run([desk.NOTIFIER], input="".join(line + "\n" for line in lines), capture_output=True,
                              text=True, timeout=20, env=desk.clean_env(address or self.address), check=False)
        return done.returncode, done.stdout.splitlines()

    def test_lines_that_are_not_understood(self):
        bad = ["", "x", "{}", "[]", '{"waiting":"1"}', '{"waiting":-1}', '{"waiting":1,"waiting":2}', '{"waiting":1.5}']
        code, answers = self.talk(*bad)
        self.assertEqual(code, 0)
        self.assertEqual([a[:23] for a in answers], ["no line not understood:"] * len(bad))

    def test_nothing_shown_is_nothing_to_close(self):
        self.assertEqual(self.talk('{"waiting":0}'), (0, ["ok"]))

    def test_endless_line_ends_it(self):
        self.assertEqual(self.talk("x" * 100000), (0, []))

    def test_only_local_buses(self):
        for address in ("unixexec:path=/bin/sh", "tcp:host=localhost,port=1", "unix:path=/x;unixexec:path=/bin/sh",
                        "autolaunch:"):
            self.assertEqual(self.talk('{"waiting":1}', address=address),
                             (0, ["no bus address is not a local socket's"]))

    def test_bus_without_daemon(self):
        self.start(desk.Bus, self.where)
        code, answers = self.talk('{"waiting":1,"tool":"t"}', '{"waiting":0}')
        self.assertEqual((code, answers[0][:12], answers[1]), (0, "no desktop: ", "ok"))


def wakes(pid):
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as status:
        return int(next(line for line in status if line.startswith("voluntary")).split()[1])


def steady(value):
    """The value after 100 ms."""
    time.sleep(0.1)
    return value()


if __name__ == "__main__":
    desk.need_desktop()
    desk.main()
