#!/usr/bin/python3
"""Desktops that are broken, absent or hostile: no notification, and no harm to whoever wants to show one."""
import os
import shutil
import subprocess
import socket
import sys
import time

sys.dont_write_bytecode = True
import desk  # noqa: E402


class Broken(desk.DesktopTest):
    def test_silent_daemon(self):
        """It owns the name and never answers: the helper is killed, tried again, and no call is lost."""
        self.start(desk.Bus, self.where)
        mock = self.start(desk.Mock, self.address, "silent")
        host = self.start(desk.Host, self.address)
        host.do("cadence 1")
        host.do("hold 1 high a tool")
        first = host.helper()
        desk.wait_for(lambda: desk.is_zombie(first), 4.4, "the end of the helper")
        host.do("hold 2 low a other")
        second = host.helper()
        self.assertNotEqual(first, second)
        desk.wait_for(lambda: desk.is_zombie(second), 4.4, "the end of the second helper")
        mock.close()
        healthy = self.start(desk.Mock, self.address)
        self.assertIn(" risk: ", healthy.ask("Notify", 12)["body"])
        self.assertLess(host.gap(), desk.GAP_MS)
        host.leave()

    def test_destroyed_while_the_daemon_is_silent(self):
        self.start(desk.Bus, self.where)
        self.start(desk.Mock, self.address, "silent")
        host = self.start(desk.Host, self.address)
        host.do("hold 1 high a tool")
        helper = host.helper()
        begun = time.monotonic()
        host.leave()
        self.assertLess(time.monotonic() - begun, 1.5)
        desk.wait_for(lambda: desk.is_zombie(helper), 1.5, "the end of the helper that was killed")

    def test_bus_that_never_authenticates(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.join(self.where, "bus"))
            listener.listen(8)
            listener.settimeout(10)
            host = self.start(desk.Host, self.address)
            host.do("cadence 1")
            host.do("hold 1 high a tool")
            taken = [listener.accept()[0]]
            helper = host.helper()
            desk.wait_for(lambda: desk.is_zombie(helper), 4.0, "the end of the helper")
            taken.append(listener.accept()[0])
            self.assertLess(host.gap(), desk.GAP_MS)
            host.leave()
            for connection in taken:
                connection.close()

    def test_orphan_of_a_hung_bus_ends(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.path.join(self.where, "bus"))
            listener.listen(8)
            host = self.start(desk.Host, self.address)
            host.do("hold 1 high a tool")
            helper = host.helper()
            listener.settimeout(10)
            with listener.accept()[0]:
                host.process.kill()
                desk.wait_for(lambda: desk.is_zombie(helper), 8, "the orphan's end")

    def test_no_bus(self):
        if os.path.exists("/run/user/%d/bus" % os.getuid()):
            self.skipTest("this user has a bus")
        host = self.start(desk.Host, "")
        host.do("hold 1 high a tool")
        self.assertEqual(host.expect(lambda line: line.startswith("log")), "log notifier: not shown: no bus")
        helper = host.helper()
        host.do("hold 2 high a tool")
        host.do("count 0")
        host.do("hold 1 high a tool")
        self.assertEqual(host.helpers(), [helper])
        host.leave()
        self.assertEqual([line for line in host.drain() if line.startswith("log")], [])

    def test_bus_address_of_the_environment(self):
        self.start(desk.Bus, self.where)
        mock = self.start(desk.Mock, self.address)
        host = self.start(desk.Host, "", env=desk.clean_env(self.address))
        host.do("hold 1 high a tool")
        mock.ask("Notify")
        host.leave()

    def within_runtime_dir(self):
        """What puts a program where the private bus is the one in the user's runtime directory."""
        probe = ("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/run/user", "true")
        if not shutil.which("bwrap") or subprocess.call(probe, stderr=subprocess.DEVNULL) != 0:
            if desk.required("bwrap"):
                self.fail("bwrap is missing or may not be used")
            self.skipTest("bwrap is missing or may not be used here")
        return ("bwrap", "--dev-bind", "/", "/", "--tmpfs", "/run/user", "--bind", self.where,
                "/run/user/%d" % os.getuid(), "--die-with-parent")

    def test_bus_of_the_runtime_dir(self):
        self.start(desk.Bus, self.where)
        mock = self.start(desk.Mock, self.address)
        host = self.start(desk.Host, "", within=self.within_runtime_dir())
        host.do("hold 1 high a tool")
        mock.ask("Notify")
        host.leave()

    def test_what_is_not_the_users_socket_is_no_bus(self):
        place = os.path.join(self.where, "bus")
        real = os.path.join(self.where, "real")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(real)
            listener.listen()
            os.symlink("real", place)
            self.expect_no_bus()
            if os.getuid() == 0:
                os.rename(real, place)
                os.chown(place, 65534, 65534)
                self.expect_no_bus()

    def expect_no_bus(self):
        host = self.start(desk.Host, "", within=self.within_runtime_dir())
        host.do("hold 1 high a tool")
        self.assertEqual(host.expect(lambda line: line.startswith("log")), "log notifier: not shown: no bus")
        host.leave()

    def test_bus_dies(self):
        """The helper goes with the bus; calls after the bus came back are told again."""
        bus = self.start(desk.Bus, self.where)
        mock = self.start(desk.Mock, self.address)
        host = self.start(desk.Host, self.address)
        host.do("cadence 1")
        host.do("hold 1 low a first")
        mock.ask("Notify")
        bus.close()
        host.expect(lambda line: line.startswith("log notifier: ended with status 0"))
        self.start(desk.Bus, self.where)
        mock = self.start(desk.Mock, self.address)
        host.do("hold 2 low a second")
        self.assertEqual(mock.ask("Notify")["body"], "low risk: second (a), and 1 more")
        self.assertLess(host.gap(), desk.GAP_MS)
        host.leave()

    def test_no_program(self):
        host = self.start(desk.Host, self.address, "/nonexistent/bascule-notifier")
        host.do("hold 1 high a tool")
        host.expect(lambda line: line.startswith("log notifier: /nonexistent/bascule-notifier: no such file"))
        host.do("count 0")
        host.do("burst 9 high a tool")
        host.do("mute 1")
        host.leave()
        self.assertEqual([line for line in host.drain() if line.startswith("log")], [])

    def test_helper_that_is_none(self):
        """Programs that end, babble or swallow: each is a failure with a back-off, never harm."""
        for program in ("/bin/true", "/bin/cat", "/usr/bin/yes"):
            with self.subTest(program=program):
                host = self.start(desk.Host, self.address, program)
                host.do("cadence 1")
                host.do("hold 1 high a tool")
                host.expect(lambda line: line.startswith("log") and "not before 1 s again" in line)
                self.assertLess(host.gap(), desk.GAP_MS)
                host.leave()

    def test_gives_up_for_a_minute(self):
        host = self.start(desk.Host, self.address, "/bin/false")
        host.do("hold 1 high a tool")
        begun = time.monotonic()
        for seconds in (1, 2, 4, 8, 60):
            host.expect(lambda line: "not before %d s again" % seconds in line, 12)
        self.assertGreater(time.monotonic() - begun, 1 + 2 + 4 + 8)
        host.do("hold 2 high a tool")
        host.leave()
        self.assertEqual([line for line in host.drain() if line.startswith("log")], [])


if __name__ == "__main__":
    desk.need_desktop()
    desk.main()
