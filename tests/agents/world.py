"""The world of one run: a scratch folder with a home, a workspace and bascule's own places; a broker; a person who
decides; the agent as a process. Every wait has a bound, and nothing is left behind."""
import contextlib
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import time

from agents import put

BOUND = 60.0
QUICK = 10.0


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


class Person:
    """Who looks at the queue: `decide(item)` says "approve", ("deny", reason), ("edit", arguments) or None: later."""

    def __init__(self, mine, decide):
        self.socket, self.decide, self.rest, self.ids = mine, decide, b"", 0
        self.items, self.done, self.asked, self.servers = {}, set(), set(), 0
        self.say("hello", protocol="1.0", role="console", version="test", instance="0" * 16)
        self.say("watch")

    def say(self, method, **params):
        self.ids += 1
        self.socket.sendall(json.dumps({"jsonrpc": "2.0", "id": self.ids, "method": method,
                                        "params": params}).encode() + b"\n")

    def answer(self, item, decision):
        word, reason = decision if isinstance(decision, tuple) else (decision, None)
        self.done.add((item["call"], item["revision"]))
        self.say("show", call=item["call"])
        if word == "edit":  # it comes back, to be decided
            self.say("edit", call=item["call"], revision=item["revision"], arguments=reason)
            return
        self.say("decide", call=item["call"], revision=item["revision"], decision=word, reason=reason)

    def look(self, item):
        self.items[item["call"]] = item
        if item["state"] != "held" or (item["call"], item["revision"]) in self.done:
            return
        if item["kind"] == "server":
            self.servers += 1
            self.answer(item, "approve")
            return
        self.asked.add(item["call"])
        decision = self.decide(item)
        if decision:
            self.answer(item, decision)

    def read(self):
        more = self.socket.recv(1 << 16)
        check(more, "the broker has ended")
        *lines, self.rest = (self.rest + more).split(b"\n")
        for line in lines:
            said = json.loads(line)
            params = said.get("params") or said.get("result") or {}
            if said.get("method") == "item":
                self.look(params)
            elif said.get("method") == "gone" and params["call"] in self.items:
                self.items[params["call"]]["state"] = params["state"]
            for item in params.get("items") or ():
                self.look(item)

    def calls(self):
        return [item for item in self.items.values() if item["kind"] == "call"]


class Terminal:
    """A program on a terminal of its own, as far as a test needs one: what is there in letters, and keys."""

    def __init__(self, argv, cwd, environment):
        self.mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.process = subprocess.Popen(argv, cwd=cwd, env=environment, stdin=its, stdout=its, stderr=its,
                                        start_new_session=True)
        os.close(its)
        self.seen = b""

    def read(self):
        ready, _, _ = select.select([self.mine], [], [], 0.1)
        if ready:
            try:
                more = os.read(self.mine, 1 << 16)
                os.write(self.mine, b"\x1b[1;1R" * more.count(b"\x1b[6n"))  # where is the cursor?
                self.seen += more
            except OSError:  # it has left the terminal: what it has done until then counts
                select.select([], [], [], 0.1)

    def until(self, so, bound=BOUND):
        end = time.monotonic() + bound
        while not so():
            check(time.monotonic() < end, "the terminal: %s" % self.seen[-2000:])
            self.read()

    def shows(self, text):
        """Was it drawn since the last key? Only what is drawn in one piece is found."""
        return text in self.seen

    def press(self, keys, so):
        """Again and again until it is so: a dialog may not listen from the start."""
        self.seen, last = b"", 0.0

        def once_more():
            nonlocal last
            if time.monotonic() - last > 1:
                last = time.monotonic()
                with contextlib.suppress(OSError):
                    os.write(self.mine, keys)
            return so()

        self.until(once_more)

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.mine)


class World:
    def __init__(self, programs):
        self.programs = programs
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="bascule-agents-"))
        self.home, self.work, self.own = (os.path.join(self.dir, name) for name in ("home", "work", "own"))
        self.tmp = os.path.join(self.dir, "tmp")
        self.outside = os.path.join(self.dir, "outside")
        for path in (self.home, self.work, self.own, self.outside, self.tmp):
            os.mkdir(path)
        subprocess.run(("git", "init", "-q", self.work), check=True, env=self.environment())
        put(self.own + "/config/config.ini", "[broker]\nautostart = no\n[notify]\ndesktop = no\n")
        self.broker = self.person = self.agent = None
        self.output = open(self.dir + "/said", "w+b")

    def environment(self, more=()):
        nowhere = "http://127.0.0.1:9"  # what is not on this machine is not to be had
        return dict({"HOME": self.home, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "http_proxy": nowhere,
                     "https_proxy": nowhere, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
                     "TMPDIR": self.tmp, "CLAUDE_CODE_TMPDIR": self.tmp, "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                     "TERM": "dumb"}, **dict(more))

    def program(self, name):
        return os.path.join(self.programs, name)

    def run(self, *argv, path, environment, code=0):
        """A command of ours to its end, with programs of `path` before others; what it said."""
        more = dict(environment, PATH=path + ":" + os.environ["PATH"])
        done = subprocess.run(argv, cwd=self.work, env=self.environment(more),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=BOUND, check=False)
        said = done.stdout.decode("utf-8", "replace")
        check(done.returncode == code, "%s: %d\n%s" % (" ".join(argv), done.returncode, said))
        return said

    def begin(self, decide):
        """A broker, and a person who watches."""
        mine, its = socket.socketpair()
        self.broker = subprocess.Popen(
            (self.program("bascule"), "broker", "--root", self.own, "--decide-fd", str(its.fileno())),
            pass_fds=(its.fileno(),), stdin=subprocess.DEVNULL, env=self.environment())
        its.close()
        self.person = Person(mine, decide)
        self.until(lambda: os.path.exists(self.own + "/state/lock") and self.person.rest is not None)

    def start(self, argv, environment):
        self.agent = subprocess.Popen(argv, cwd=self.work, env=self.environment(environment), stdin=subprocess.DEVNULL,
                                      stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True)

    def terminal(self, argv, environment):
        return Terminal(argv, self.work, self.environment(dict(environment, TERM="xterm-256color")))

    def until(self, so, bound=QUICK):
        """Reads what the broker tells until it is so."""
        end = time.monotonic() + bound
        while not so():
            check(time.monotonic() < end, "it was not so in %d s" % bound)
            ends = [self.person.socket] if self.person else []
            ready, _, _ = select.select(ends, [], [], 0.05)
            if ready:
                self.person.read()

    def finish_agent(self):
        self.until(lambda: self.agent.poll() is not None, BOUND)
        return self.agent.returncode

    def said(self):
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace")

    def left(self):
        """Processes with our home, wherever they come from: Codex on a terminal starts some that outlive it."""
        mark, found = b"HOME=%s\0" % self.home.encode(), []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/environ" % name, "rb") as file:
                    if mark in file.read():
                        found.append(int(name))
            except OSError:
                pass  # it has ended, or is not ours
        return found

    def close(self):
        for process in (self.agent, self.broker):
            if process and process.poll() is None:
                group = process is self.agent
                (os.killpg if group else os.kill)(process.pid, signal.SIGTERM)
                try:
                    process.wait(QUICK)
                except subprocess.TimeoutExpired:
                    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
                    process.wait()
        if self.person:
            self.person.socket.close()
        self.output.close()
        for pid in self.left():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)
