#!/usr/bin/python3
"""Desktop notifications against the real dunst, on a virtual screen and a private bus."""
import html
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import desk  # noqa: E402

DUNSTRC = """[global]
    monitor = 0
    notification_limit = 0
    font = Monospace 8
    markup = full
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
"""


class Screen(desk.Process):
    def __init__(self):
        read, write = os.pipe()
        os.set_inheritable(write, True)
        # -displayfd chooses a free number, so that tests can run side by side
        self.process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24",
                                         "-nolisten", "tcp"], pass_fds=[write], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, env=desk.clean_env(), start_new_session=True)
        os.close(write)
        with os.fdopen(read) as answer:
            self.name = ":" + answer.readline().strip()
        self.seen = []

    def drain(self):
        return self.seen


class Dunst(desk.Process):
    def __init__(self, test, display):
        config = os.path.join(test.where, "dunstrc")
        with open(config, "w", encoding="utf-8") as out:
            out.write(DUNSTRC)
        self.env = dict(desk.clean_env(test.address), DISPLAY=display)
        self.bus = test.bus
        super().__init__(["dunst", "-conf", config], self.env)
        desk.wait_for(self._owns_name, what="dunst on the bus")

    def _call(self, destination, path, method, *args):
        return self.bus.get_object(destination, path).get_dbus_method(method[1], method[0])(*args)

    def _owns_name(self):
        return self._call("org.freedesktop.DBus", "/org/freedesktop/DBus", ("org.freedesktop.DBus", "NameHasOwner"),
                          "org.freedesktop.Notifications")

    def displayed(self):
        out = subprocess.run(["dunstctl", "count", "displayed"], env=self.env, capture_output=True, text=True,
                             timeout=10, check=True)
        return int(out.stdout.strip().split()[-1])

    def history(self):
        out = subprocess.run(["dunstctl", "history"], env=self.env, capture_output=True, text=True, timeout=10,
                             check=True)
        return [(item["summary"]["data"], item["body"]["data"]) for item in json.loads(out.stdout)["data"][0]]


class RealDunst(desk.DesktopTest):
    def setUp(self):
        import dbus
        super().setUp()
        self.start(desk.Bus, self.where)
        self.bus = dbus.bus.BusConnection(self.address)
        self.addCleanup(self.bus.close)
        self.dunst = self.start(Dunst, self, self.start(Screen).name)

    def test_burst_is_shown_once_and_closed(self):
        host = self.start(desk.Host, self.address)
        host.do("burst 50 medium filesystem write_file")
        desk.wait_for(lambda: self.dunst.displayed() == 1, what="the notification")
        host.do("count 0")
        desk.wait_for(lambda: self.dunst.displayed() == 0, what="the close")
        host.leave()
        self.assertEqual([line for line in host.drain() if line.startswith("log")], [])
        self.assertEqual(self.dunst.history(),
                         [("bascule: 50 calls wait", "medium risk: write_file (filesystem), and 49 more")])

    def test_update_and_markup(self):
        helper = self.start(desk.Process, [desk.NOTIFIER], desk.clean_env(self.address), subprocess.PIPE)
        for line in ({"waiting": 1, "tool": "first", "risk": "low"},
                     {"waiting": 2, "tool": "<b>push</b> & go", "server": "git\u202e", "risk": "high"}):
            helper.send(json.dumps(line))
            helper.expect(lambda answer: answer == "ok")
            desk.wait_for(lambda: self.dunst.displayed() == 1, what="the notification")
        helper.send('{"waiting":0}')
        helper.expect(lambda answer: answer == "ok")
        desk.wait_for(lambda: self.dunst.displayed() == 0, what="the close")
        (summary, body), = self.dunst.history()
        self.assertEqual(summary, "bascule: 2 calls wait")
        self.assertEqual(html.unescape(body), "high risk: <b>push</b> & go (git\u27e8U+202E\u27e9), and 1 more")


if __name__ == "__main__":
    desk.need_desktop("dunst", "dunstctl", "Xvfb")
    desk.main()
