"""What the notification tests share: a private bus, the mocked daemon, and the program that drives ipc/notify.c.

Everything that is started is ended again, everything that is waited for is bounded.
"""
import glob
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BASCULE_BUILD", os.getcwd())
NOTIFIER = os.path.join(BUILD, "bascule-notifier")
HOST = os.path.join(BUILD, "tests", "notify", "notify_host")
VERBOSE = "BASCULE_TEST_VERBOSE" in os.environ
GAP_MS = 1000  # what a loop with a 10 ms cadence may pause on a crowded machine; a blocked one pauses seconds
MOCK = os.path.join(HERE, "mock_daemon.py")

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def required(what):
    """Whether the environment says that tests which need it may not be skipped."""
    return what in os.environ.get("BASCULE_TEST_REQUIRE", "").split(",")


def need(what, missing):
    if missing:
        print("%s: %s is missing" % ("FAIL" if required(what) else "SKIP", ", ".join(missing)))
        sys.exit(1 if required(what) else 77)


def need_desktop(*programs):
    """dbus-daemon, the Python modules of the mock, and `programs`: all of them come with "dunst" in the list."""
    missing = [p for p in ("dbus-daemon",) + programs if not shutil.which(p)]
    try:
        import dbus.mainloop.glib  # noqa: F401
        from gi.repository import GLib  # noqa: F401
    except ImportError as error:
        missing.append("Python module %s" % error.name)
    if not os.path.exists(NOTIFIER):
        missing.append("bascule-notifier (built without libnotify)")
    need("dunst", missing)


def wait_for(found, seconds=10.0, what="it"):
    """Polls until found() is true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("waited %.0f s in vain for %s" % (seconds, what))


class Process:
    """A program whose output lines can be waited for. Killed by close()."""

    def __init__(self, args, env, stdin=None):
        self.lines, self.seen = queue.Queue(), []
        self.process = subprocess.Popen(args, env=env, stdin=stdin, stdout=subprocess.PIPE, text=True, errors="replace",
                                        encoding="utf-8", stderr=None if VERBOSE else subprocess.DEVNULL,
                                        start_new_session=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self.process.stdout as stdout:
            for line in stdout:
                self.lines.put(line.rstrip("\n"))

    def drain(self):
        while not self.lines.empty():
            self.seen.append(self.lines.get())
        return self.seen

    def expect(self, wanted, seconds=10.0):
        """Waits for a line that satisfies wanted() and forgets it and all before."""
        end = time.monotonic() + seconds
        while True:
            for i, line in enumerate(self.seen):
                if wanted(line):
                    del self.seen[:i + 1]
                    return line
            try:
                self.seen.append(self.lines.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                raise AssertionError("waited %.0f s in vain; seen: %r" % (seconds, self.seen)) from None

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()


class Bus(Process):
    def __init__(self, where):
        self.path = os.path.join(where, "bus")
        config = os.path.join(where, "bus.conf")
        with open(config, "w", encoding="utf-8") as out:
            out.write(BUS_CONFIG % self.path)
        if os.path.exists(self.path):
            os.unlink(self.path)
        super().__init__(["dbus-daemon", "--config-file=" + config, "--nofork", "--print-address=1"], clean_env())
        self.expect(lambda line: line.startswith("unix:"))


class Mock(Process):
    """The mocked notification daemon; what it was asked for comes out as dictionaries."""

    def __init__(self, bus_address, mode="answer"):
        super().__init__([MOCK, mode], clean_env(bus_address))
        self.ask("Ready")

    def ask(self, did, seconds=10.0):
        return json.loads(self.expect(lambda line: json.loads(line)["did"] == did, seconds))

    def count(self, did):
        return sum(json.loads(line)["did"] == did for line in self.drain())


class Host(Process):
    """notify_host, to be spoken to in its own commands."""

    def __init__(self, bus, program=NOTIFIER, env=None, within=(), detail="tool"):
        super().__init__([*within, HOST, program, bus, detail], env or clean_env(), stdin=subprocess.PIPE)

    def do(self, command):
        self.send(command)
        self.expect(lambda line: line == "done")

    def gap(self):
        self.send("cadence 0")
        return int(self.expect(lambda line: line.startswith("gap ")).split()[1])

    def helpers(self):
        """The numbers of its living children."""
        found = []
        for path in glob.glob("/proc/%d/task/*/children" % self.process.pid):
            with open(path, encoding="ascii") as children:
                found += [int(pid) for pid in children.read().split()]
        return [pid for pid in found if not is_zombie(pid)]

    def helper(self, seconds=10.0):
        return wait_for(self.helpers, seconds, "a helper")[0]

    def leave(self):
        """Ends it in order: every handle closed, nothing left behind."""
        self.process.stdin.close()
        self.expect(lambda line: line == "closed")
        assert self.process.wait(10) == 0


def is_zombie(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def clean_env(bus_address=None):
    env = {k: v for k, v in os.environ.items()
           if k not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
    if bus_address:
        env["DBUS_SESSION_BUS_ADDRESS"] = bus_address
    return env


class DesktopTest(unittest.TestCase):
    def setUp(self):
        self.where = tempfile.mkdtemp(prefix="bascule-notify-")
        self.addCleanup(shutil.rmtree, self.where)
        self.address = "unix:path=" + os.path.join(self.where, "bus")

    def start(self, kind, *args, **named):
        process = kind(*args, **named)
        self.addCleanup(process.close)
        return process


def main():
    unittest.main(verbosity=2)
