#!/usr/bin/env python3
"""`bascule demo` in a terminal: the real console, and stand-ins for it that end as consoles should not. Whatever
happens, the demo ends what it started, removes what it wrote and leaves the terminal as it was.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import unittest

BIN = os.path.abspath(os.environ.get("BASCULE_BIN", "."))
BOUND = 20  # seconds that anything may take


def job_control(argv):
    """What a shell does: the command in the foreground in a group of its own; continued once when it stops."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(argv[0], argv)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            sys.exit(os.waitstatus_to_exitcode(status) & 255)
        os.tcsetpgrp(0, os.getpgrp())
        os.write(1, b"the shell has its terminal\r\n")
        os.tcsetpgrp(0, pid)
        os.kill(-pid, signal.SIGCONT)


class Demo:
    """One run on a pseudo-terminal of its own."""

    def __init__(self, folder, shell=False, *options):
        argv = [os.path.join(folder, "bascule-demo"), "demo", "-v"] + list(options)
        if shell:
            argv = [sys.executable, os.path.abspath(__file__), "--shell"] + argv
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(argv[0], argv)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.modes = termios.tcgetattr(self.fd)
        self.output = b""
        self.ended = False
        self.scratch = self.wait_for(rb"scratch directory: (/tmp/bascule-demo-\w+)").group(1).decode()

    def read(self, seconds):
        """Takes what there is; false when the terminal has been closed."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.output += data
        return data != b""

    def wait_until(self, met, what):
        end = time.monotonic() + BOUND
        while not met():
            if time.monotonic() > end:
                self.kill()
                raise AssertionError("%s: not within %d s; output: %r" % (what, BOUND, self.output[-3000:]))
            if not self.read(0.02) and not met():
                time.sleep(0.01)

    def wait_for(self, pattern):
        self.wait_until(lambda: re.search(pattern, self.output), pattern)
        return re.search(pattern, self.output)

    def write(self, keys):
        os.write(self.fd, keys)

    def send(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self.send(signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def has_ended(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.ended = True
            self.code = os.waitstatus_to_exitcode(status)
        return self.ended

    def end(self):
        """Its exit code, after all of its output."""
        self.wait_until(lambda: self.ended or self.has_ended(), "the end")
        while self.read(0) and select.select([self.fd], [], [], 0)[0]:
            pass
        return self.code

    def processes(self):
        """Those that know the scratch directory, or work in it."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    line = file.read()
                where = os.readlink("/proc/%s/cwd" % pid)
            except OSError:
                continue
            if self.scratch.encode() in line or where.startswith(self.scratch):
                found.append(line)
        return found

    def close(self):
        os.close(self.fd)
        shutil.rmtree(self.scratch, ignore_errors=True)


def recorded(demo, word):
    try:
        with open(os.path.join(demo.scratch, "root", "state", "log.db-wal"), "rb") as file:
            return word in file.read()
    except FileNotFoundError:
        return False


class Endings(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bascule-demo-pty-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("bascule", "bascule-demo", "bascule-gate", "bascule-broker"):
            shutil.copy2(os.path.join(BIN, name), self.folder)

    def stand_in(self, script, shell=False, *options):
        path = os.path.join(self.folder, "bascule-console")
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(path, 0o755)
        demo = Demo(self.folder, shell, *options)
        self.addCleanup(demo.close)
        return demo

    def nothing_left(self, demo):
        self.assertEqual(demo.processes(), [])
        self.assertFalse(os.path.exists(demo.scratch))

    def test_the_console_is_told_where_and_how(self):
        demo = self.stand_in('echo "args: $*"\nls -l "/proc/$$/fd/$5"\nread -r line\n')
        demo.wait_for(rb"args: console --root %s/root --decide-fd \d+\r" % demo.scratch.encode())
        demo.wait_for(rb"socket:")
        demo.write(b"\n")
        self.assertEqual(demo.end(), 0)
        self.assertIn(b"The demo is over", demo.output)
        self.assertRegex(demo.output, rb"passed +\d+ calls, unasked")
        self.nothing_left(demo)

    def test_calls_wait_and_are_withdrawn(self):
        demo = self.stand_in('echo here\nread -r line\n', False, "--keep")
        demo.wait_for(rb"here")
        demo.wait_until(lambda: recorded(demo, b"git push origin main"), "the last held call")
        demo.write(b"\n")
        self.assertEqual(demo.end(), 0)
        for tool in (b"edit_file", b"run_command", b"write_file"):
            self.assertRegex(demo.output, rb"waited +" + tool)
        self.assertIn(b"can never run any more", demo.output)
        self.assertEqual(demo.processes(), [])
        self.assertTrue(os.path.exists(demo.scratch))
        self.assertFalse(os.path.exists(os.path.join(demo.scratch, "ws-log.txt")))

    def test_a_console_that_crashes(self):
        demo = self.stand_in("stty raw -echo\nkill -SEGV $$\n")
        self.assertEqual(demo.end(), 1)
        self.assertIn(b"the console was ended by signal 11", demo.output)
        self.assertIn(b"\033[?1049l", demo.output)
        self.assertEqual(termios.tcgetattr(demo.fd)[3], demo.modes[3])
        self.nothing_left(demo)

    def test_a_console_that_fails(self):
        demo = self.stand_in("exit 7\n")
        self.assertEqual(demo.end(), 1)
        self.assertIn(b"exit code 7", demo.output)
        self.nothing_left(demo)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number=number):
                demo = self.stand_in("echo here\nread -r line\n")
                demo.wait_for(rb"here")
                demo.send(number)
                self.assertEqual(demo.end(), 128 + number)
                self.nothing_left(demo)

    def test_a_console_that_does_not_want_to_end(self):
        demo = self.stand_in("trap '' TERM HUP\necho here\nwhile :; do sleep 1; done\n")
        demo.wait_for(rb"here")
        demo.send(signal.SIGTERM)
        self.assertEqual(demo.end(), 128 + signal.SIGTERM)
        demo.wait_until(lambda: not demo.processes(), "the end of what the console started")
        self.nothing_left(demo)

    def test_killed_it_leaves_no_process(self):
        demo = self.stand_in("echo here\nread -r line\n")
        demo.wait_for(rb"here")
        self.assertGreater(len(demo.processes()), 3)
        demo.kill()
        demo.wait_until(lambda: not demo.processes(), "the end of all processes")

    def test_the_shell_gets_its_terminal_when_the_console_stops(self):
        demo = self.stand_in("kill -STOP $$\necho went on\nread -r line\n", True)
        demo.wait_for(rb"the shell has its terminal")
        demo.wait_for(rb"went on")
        demo.write(b"\n")
        self.assertEqual(demo.end(), 0)
        self.nothing_left(demo)

    def test_a_stopped_console_goes_on_where_no_shell_is(self):
        demo = self.stand_in("kill -STOP $$\necho went on\nread -r line\n")
        demo.wait_for(rb"went on")
        demo.write(b"\n")
        self.assertEqual(demo.end(), 0)
        self.nothing_left(demo)


@unittest.skipUnless(os.path.exists(os.path.join(BIN, "bascule-console")), "there is no console")
class RealConsole(unittest.TestCase):
    def start(self, *options):
        demo = Demo(BIN, False, *options)
        self.addCleanup(demo.close)
        demo.wait_for(rb"edit_file")
        return demo

    def press_until(self, demo, key, met, what):
        """The console throws away what was typed while it did not run: on a busy machine a key may need a second."""
        pressed = [0.0]

        def pressed_enough():
            if met():
                return True
            if time.monotonic() > pressed[0] + 0.7:
                demo.write(key)
                pressed[0] = time.monotonic()
            return False

        demo.wait_until(pressed_enough, what)

    def quit(self, demo):
        self.press_until(demo, b"q", lambda: b"The demo is over" in demo.output, "the end of the console")
        return demo.end()

    def test_q_ends_it(self):
        demo = self.start()
        self.assertEqual(self.quit(demo), 0)
        self.assertRegex(demo.output, rb"waited +edit_file")
        self.assertEqual(termios.tcgetattr(demo.fd)[3], demo.modes[3])
        self.assertEqual(demo.processes(), [])
        self.assertFalse(os.path.exists(demo.scratch))

    def test_a_key_approves_and_the_file_changes(self):
        demo = self.start("--keep")
        path = os.path.join(demo.scratch, "ws", "package.json")

        def changed():
            with open(path, encoding="utf-8") as file:
                return "postinstall" in file.read()

        self.press_until(demo, b"a", changed, "the approved edit")
        self.assertEqual(self.quit(demo), 0)
        self.assertRegex(demo.output, rb"approved +edit_file \S+/ws/package.json")
        self.assertEqual(demo.processes(), [])


def main():
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed, %d skipped" % (result.testsRun - bad - len(result.skipped), bad, len(result.skipped)))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--shell"]:
        job_control(sys.argv[2:])
    main()
