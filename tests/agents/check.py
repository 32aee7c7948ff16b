#!/usr/bin/python3
"""Real agents in front of the real gate and broker: what their own tools and a server's would do waits, runs after a
yes, does not run after a no, and the model is sent the reason. Their model is tests/agents/model.py, their home a
scratch folder, and nothing they do leaves this machine.

usage: check.py [AGENT | CASE]...
       BASCULE_BIN: the build folder; AGENTS_DIR: where agents are installed; AGENTS_RECORD: a folder for what hooks are
       given
"""
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agents  # noqa: E402
from model import Model  # noqa: E402
from world import World, check  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
REASON = "that folder is not yours; use make clean"
WHOLE_S = 600  # for all cases, once the agents are installed
SECRET_WORD = "quagga-7731"  # only in a file: who is sent it has read the file


class Case:
    """One agent in one world. What a case needs is made here; what it proves is in the function."""

    def __init__(self, agent, program, world, model):
        self.agent, self.program, self.world, self.model = agent, program, world, model
        self.note, self.doomed = world.work + "/note.txt", world.outside + "/doomed"
        agents.put(self.note, SECRET_WORD + "\n")
        agents.put(self.doomed + "/file", "here\n")
        self.hook = [world.program("bascule"), "hook", agent.name, "--root", world.own]
        record = os.environ.get("AGENTS_RECORD")
        if record:
            self.hook = [sys.executable, HERE + "/record.py", record, agent.name] + self.hook

    def server(self):
        return [sys.executable, HERE + "/files.py"]

    def wrapped(self):
        return [self.world.program("bascule"), "run", "--root", self.world.own, "--name", "files", "--"] + self.server()

    def prepare(self, hook=True, server=None, event=None):
        self.agent.configure(self.world, self.model.address, self.hook if hook else None, server, event)

    def start(self, *turns, event=None):
        self.model.begin(turns)
        self.world.start(self.agent.argv(self.program, event), self.agent.environment(self.model.address))

    def go(self, *turns, event=None):
        self.start(*turns, event=event)
        self.world.finish_agent()

    def run(self, *turns, hook=True, server=None, event=None):
        self.prepare(hook, server, event)
        self.go(*turns, event=event)

    def delete(self):
        return self.agent.shell("%s %s" % (self.agent.delete, self.doomed))

    def read(self):
        return self.agent.shell("cat note.txt")

    def is_there(self):
        return os.path.exists(self.doomed + "/file")

    def held(self):
        return [item for item in self.world.person.calls() if item["state"] == "held"]


def allowed(c):
    c.world.begin(lambda item: ("deny", "not expected"))
    c.run(c.read())
    check(c.model.was_sent(SECRET_WORD), "the model has not got what the command printed")
    check(not c.world.person.asked, "somebody was asked")


def approved(c):
    seen = []

    def decide(item):
        seen.append(c.is_there())
        return "approve"

    c.world.begin(decide)
    c.run(c.delete())
    check(seen == [True], "it was asked %s times, or had run before" % len(seen))
    check(not c.is_there(), "it has not run")


def edited(c):
    """A person puts another command in the place of the one that waits, then says yes: that one runs, and no other."""
    arguments = {name: "touch made" if name == "command" else value
                 for name, value in c.agent.hooked(c.delete())["arguments"].items()}
    c.world.begin(lambda item: "approve" if item.get("edited_by") else ("edit", arguments))
    c.run(c.delete())
    check(c.is_there(), "what was proposed has run")
    check(os.path.exists(c.world.work + "/made"), "what was put in its place has not run")


def denied(c):
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.delete())
    check(len(c.world.person.asked) == 1, "it was not asked once")
    check(c.is_there(), "it has run")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def told(c, call, labels, **more):
    """What the card says of who asks for this call: these labels at least."""
    seen = []

    def decide(item):
        seen.append(item["client"])
        return ("deny", REASON)

    c.world.begin(decide)
    c.run(call, **more)
    check(len(seen) == 1, "it was not asked once")
    missing = [label for label in labels if not seen[0].get(label)]
    check(not missing and seen[0]["above"] and c.world.agent.pid in
          [seen[0]["pid"]] + [process["pid"] for process in seen[0]["above"]], "%s: %s" % (missing, seen[0]))
    return seen[0]


def named(c):
    """By its hook."""
    labels = {"claude": ("turn", "call_id", "permission_mode"), "opencode": ("call_id",), "gemini": (),
              "codex": ("turn", "call_id", "permission_mode", "model")}[c.agent.name]
    client = told(c, c.delete(), ("session",) + labels)
    check(client["name"].startswith(c.agent.name), client["name"])
    check(client["version"] in (c.agent.version, "" if c.agent.name != "claude" else None), client["version"])


def server_named(c):
    """By what it tells a server beside the call."""
    call = c.agent.of_server("files", "write_file", {"path": c.world.outside + "/written", "content": "x"})
    labels = {"claude": ("call_id",), "codex": ("session", "turn", "call_id", "model", "sandbox_mode")}[c.agent.name]
    check(told(c, call, labels, hook=False, server=c.wrapped())["version"] == c.agent.version, "another version")


def no_broker(c):
    c.run(c.delete(), c.read())
    check(c.is_there() and not c.model.was_sent(SECRET_WORD), "it has run")
    check(c.model.was_sent("NOT executed"), "the model was not told so")


def left(c):
    """The agent is interrupted while its call waits: nothing waits any more, and a late yes runs nothing."""
    c.world.begin(lambda item: None)
    c.prepare()
    c.start(c.delete())
    c.world.until(c.held, 60)
    (os.kill if c.agent.alone else os.killpg)(c.world.agent.pid, signal.SIGINT)
    c.world.until(lambda: not c.held())
    c.world.person.answer(c.world.person.calls()[0], "approve")
    c.world.finish_agent()
    check(c.world.person.calls()[0]["state"] == "withdrawn", "it was not withdrawn")
    check(c.is_there(), "it has run")


def killed(c):
    """The agent alone is killed: its hook sees that nobody reads its answer any more, and the call leaves the queue."""
    c.world.begin(lambda item: None)
    c.prepare()
    c.start(c.delete())
    c.world.until(c.held, 60)
    os.kill(c.held()[0]["client"]["pid"], signal.SIGKILL)
    c.world.until(lambda: not c.held())
    check(c.world.person.calls()[0]["state"] == "withdrawn" and c.is_there(), "it was not withdrawn, or has run")


def without_hook(c):
    """What the others prove: nothing but the hook is in the way."""
    c.run(c.delete(), hook=False)
    check(not c.is_there(), "the agent does not run it by itself")


def server_write(c, decision):
    target = c.world.outside + "/written"
    seen = []

    def decide(item):
        seen.append(item["tool"])
        check(not os.path.exists(target), "it was written before anybody answered")
        return decision

    c.world.begin(decide)
    c.run(c.agent.of_server("files", "write_file", {"path": target, "content": "x"}), hook=False, server=c.wrapped())
    check(seen == ["write_file"], "asked: %s" % seen)
    return os.path.exists(target)


def server_approved(c):
    check(server_write(c, "approve"), "it was not written")
    check(c.model.was_sent("written"), "the model has not got the result")


def server_denied(c):
    check(not server_write(c, ("deny", REASON)), "it was written")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def server_hooked(c):
    """With the hook and the gate in its way, whoever of them asks, one no is enough, and it is the hook's."""
    target = c.world.outside + "/written"
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.agent.of_server("files", "write_file", {"path": target, "content": "x"}), server=c.wrapped())
    check(len(c.world.person.asked) == 1 and not os.path.exists(target), "it was not asked once, or was written")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def server_once(c):
    """With both in its way and the server accepted, one yes is enough: the gate knows what was asked at the hook."""
    first, second = c.world.outside + "/first", c.world.outside + "/second"
    seen = []

    def decide(item):
        seen.append((item["server"], item["tool"], os.path.exists(first)))
        return "approve"

    c.world.begin(decide)
    c.run(c.agent.of_server("files", "write_file", {"path": first, "content": "x"}),
          c.agent.of_server("files", "write_file", {"path": second, "content": "y"}), server=c.wrapped())
    check(os.path.exists(second), "it was not written")
    later = [asked[:2] for asked in seen if asked[2]]
    check(later == [("files", "write_file")], "asked: %s" % seen)


def kept(c):
    """Every file of the agent and the project, as it is now."""
    found = {}
    for top in (c.world.home, c.world.work):
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name != ".git"]
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[path] = file.read()
    return found


def ours(c, *words, code=0):
    """A command of ours, told of the scratch places, that ends with `code`; what it said."""
    return c.world.run(c.world.program("bascule"), *words, "--root", c.world.own, code=code,
                       path=os.path.dirname(c.program), environment=c.agent.environment(c.model.address))


def doctor(c, code):
    return ours(c, "doctor", "--home", c.world.home, code=code)


def prepared(c):
    """The files as a user may have left them, with a server that is not behind the gate."""
    c.prepare(hook=False, server=c.server())
    with open(os.path.join(c.world.home, c.agent.settings), "a", encoding="utf-8") as file:
        file.write(c.agent.mine)
    return kept(c)


def put_in(c, before):
    ours(c, "init", c.agent.name, "--yes", "--home", c.world.home, "--program", c.world.program("bascule"))
    after = kept(c)
    check(any(after[path] != text for path, text in before.items()), "nothing was changed")


def servers_of(text):
    return json.loads(text)["mcpServers"]


def undone(c, before, rewritten=()):
    """Everything is as it was; of a file that the agent writes itself, its servers."""
    said = ours(c, "init", "--undo")
    after = kept(c)
    for path, text in before.items():
        name = path[len(c.world.dir):]
        if os.path.basename(path) in rewritten:
            check(servers_of(after[path]) == servers_of(text), "%s has other servers now: %s" % (name, after[path]))
        else:
            check(after.get(path) == text, "%s is not as it was: %s\n%s" % (name, after.get(path), said))
    check(not [path for path in after if path.endswith(("bascule.js", "policy.rules"))], "it has left a file")


def init_undone(c):
    """bascule init writes, says so, and its undo leaves no byte changed; twice, so that nothing sticks."""
    before = prepared(c)
    for _ in range(2):
        put_in(c, before)
        undone(c, before, c.agent.rewrites)


def init_gates(c):
    """What bascule init wrote is what the agent obeys: its shell and its server wait, and the model reads the reason.
    Then the undo, although the agent has run."""
    target = c.world.outside + "/written"
    answers = {"server": "approve", "hook": ("deny", REASON)}
    asked = []

    def decide(item):
        asked.append(item["tool"])
        return answers["server" if "write_file" in item["tool"] else "hook"]

    before = prepared(c)
    put_in(c, before)
    c.world.begin(decide)
    c.go(c.delete(), c.agent.of_server("files", "write_file", {"path": target, "content": "x"}))
    check(c.is_there() and c.model.was_sent(REASON), "the command has run, or the model has not read the reason")
    check(os.path.exists(target), "what was approved has not run")
    check("write_file" in asked, "the server is not behind the gate: %s" % asked)
    undone(c, before, c.agent.rewrites)


def edits(c):
    """Writing and editing in the scope pass, what an editor would run is asked: the tools' own forms are understood."""
    made, other = c.world.work + "/made.txt", c.world.work + "/.vscode/tasks.json"
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.agent.write(made, "first"), c.agent.edit(made, "first", "second"), c.agent.write(other, "{}"))
    check(os.path.exists(made), "it was not written")
    with open(made, encoding="utf-8") as file:
        check("second" in file.read(), "it was not edited")
    check(len(c.world.person.asked) == 1 and not os.path.exists(other), "an editor would run it")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def sub_agent(c):
    marker = "the marmot's task"
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.agent.sub_agent(marker), dict(c.delete(), **{"in": marker}))
    check(len(c.world.person.asked) == 1 and c.is_there(), "it was not asked, or has run")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def permission_approved(c):
    """Where the agent would have asked its user."""
    c.world.begin(lambda item: "approve")
    c.run(c.delete(), event="PermissionRequest")
    check(len(c.world.person.asked) == 1 and not c.is_there(), "it was not asked, or has not run")


def permission_denied(c):
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.delete(), event="PermissionRequest")
    check(len(c.world.person.asked) == 1 and c.is_there(), "it was not asked, or has run")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def prompt(c, *turns):
    """Claude Code without a screen asks our permission server where it would ask its user; there is no hook."""
    server = [c.world.program("bascule"), "permission-server", "--root", c.world.own]
    c.prepare(hook=False, server=server)
    c.model.begin(turns)
    c.world.start(c.agent.argv(c.program, "asks") + ["--permission-prompt-tool", "mcp__files__ask"],
                  c.agent.environment(c.model.address))


def prompt_approved(c):
    c.world.begin(lambda item: "approve")
    prompt(c, c.delete())
    c.world.finish_agent()
    check(len(c.world.person.asked) == 1 and not c.is_there(), "it was not asked, or has not run")


def prompt_denied(c):
    c.world.begin(lambda item: ("deny", REASON))
    prompt(c, c.delete())
    c.world.finish_agent()
    check(len(c.world.person.asked) == 1 and c.is_there(), "it was not asked, or has run")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def prompt_left(c):
    c.world.begin(lambda item: None)
    prompt(c, c.delete())
    c.world.until(c.held, 60)
    os.killpg(c.world.agent.pid, signal.SIGINT)
    c.world.until(lambda: not c.held())
    c.world.finish_agent()
    check(c.world.person.calls()[0]["state"] == "withdrawn" and c.is_there(), "it was not withdrawn, or has run")


def prompt_no_broker(c):
    prompt(c, c.delete())
    c.world.finish_agent()
    check(c.is_there() and c.model.was_sent("NOT executed"), "it has run, or the model was not told")


def aborted(c):
    """opencode goes on when a session is interrupted, and tells its plug-in so: its call waits no more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "http://127.0.0.1:%d" % free.getsockname()[1]

    def post(path, body, bound=5):
        request = urllib.request.Request(address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=bound) as answer:
                return json.load(answer)
        except OSError:
            return None

    c.world.begin(lambda item: None)
    c.prepare()
    c.model.begin([c.delete()])
    c.world.start([c.program, "serve", "--hostname", "127.0.0.1", "--port", address.rpartition(":")[2]],
                  c.agent.environment(c.model.address))
    made = []
    c.world.until(lambda: made.append(post("/session", {})) or made[-1], 60)
    threading.Thread(target=post, daemon=True, args=(
        "/session/%s/message" % made[-1]["id"], {"parts": [{"type": "text", "text": "go on"}]}, 60)).start()
    c.world.until(c.held, 60)
    post("/session/%s/abort" % made[-1]["id"], {})
    c.world.until(lambda: not c.held())
    check(c.world.person.calls()[0]["state"] == "withdrawn" and c.is_there(), "it was not withdrawn, or has run")
    check(c.world.agent.poll() is None, "opencode has ended")
    os.killpg(c.world.agent.pid, signal.SIGKILL)


def doctored(c):
    """What bascule doctor says of the agent before bascule init, after it, and after the undo."""
    before = prepared(c)
    check("run without asking" in doctor(c, 1), "it does not miss the hook")
    put_in(c, before)
    said = doctor(c, 2 if c.agent.name == "codex" else 0)
    check(" behind the gate, its own tools ask" in said or c.agent.name == "codex", said)
    check("never told to trust" in said or c.agent.name != "codex", said)
    undone(c, before, c.agent.rewrites)
    check("run without asking" in doctor(c, 1), "it does not miss the hook after the undo")


def trusted(c):
    """Codex skips a hook until its user has trusted it on its terminal: so they do, then it obeys, and doctor knows."""
    config = c.world.home + "/.codex/config.toml"
    put_in(c, prepared(c))
    with open(config, "a", encoding="utf-8") as file:
        file.write("\n[projects.\"%s\"]\ntrust_level = \"trusted\"\n" % c.world.work)
    c.world.begin(lambda item: ("deny", REASON))
    skips = [word for word in c.agent.argv(c.program) if "bypass" not in word]
    c.model.begin([c.read()])
    c.world.start(skips, c.agent.environment(c.model.address))
    c.world.finish_agent()
    check(c.model.was_sent(SECRET_WORD) and not c.world.person.servers, "a hook that nobody trusted has run")

    terminal = c.world.terminal([c.program], c.agent.environment(c.model.address))
    try:
        terminal.until(lambda: terminal.shows(b"2 hooks are new or changed."))
        terminal.press(b"2", lambda: terminal.shows(b"\xe2\x80\xba"))  # 2. Trust all and continue
        terminal.press(b"\r", lambda: open(config, encoding="utf-8").read().count("trusted_hash") == 2)
    finally:
        terminal.close()
    doctor(c, 0)
    c.model.begin([c.delete()])
    c.world.start(skips, c.agent.environment(c.model.address))
    c.world.finish_agent()
    check(len(c.world.person.asked) == 1 and c.is_there(), "it was not asked, or has run")
    check(c.model.was_sent(REASON), "the model has not read the reason")


def elsewhere(c):
    """A directory that the model chooses for one command is not the session's: what passes at home is asked there."""
    c.world.begin(lambda item: ("deny", REASON))
    c.run(c.agent.shell("touch made"), c.agent.shell_in("touch made", c.world.outside))
    check(os.path.exists(c.world.work + "/made") and not os.path.exists(c.world.outside + "/made"), "not as it should")
    check(c.world.person.servers == 1 and len(c.world.person.asked) == 1, "it was another scope")


CASES = (allowed, named, edits, approved, edited, denied, no_broker, left, killed, without_hook, server_approved,
         server_denied, server_hooked, server_once, init_undone, init_gates, doctored)
# Not every agent has these.
MORE = {"claude": (server_named, sub_agent, permission_approved, permission_denied, prompt_approved,
                   prompt_denied, prompt_left, prompt_no_broker),
        "codex": (server_named, trusted, elsewhere),
        "opencode": (aborted,)}


def run(agent, program, function, bin_dir):
    """None if it is as it should be, else what is wrong, with what the agent said."""
    world, model = World(bin_dir), Model()
    try:
        function(Case(agent, program, world, model))
    except Exception as fault:  # whatever it is, the rest is run
        return "%s\n%s\n%s" % (fault, world.said(), "\n".join(map(str, model.requests))[-2000:])
    finally:
        world.close()
        model.close()
    return None


def chosen(all_of_them, name):
    """Those that the arguments name; all if they name none."""
    return [one for one in all_of_them if name(one) in sys.argv[1:]] or list(all_of_them)


def main():
    wanted = chosen(agents.AGENTS, lambda one: one.name)
    bin_dir = os.path.realpath(os.environ.get("BASCULE_BIN", "."))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was begun is ended
    installed = [(agent, *agents.install(agent)) for agent in wanted]
    start = time.monotonic()
    for agent, program, why in installed:
        for function in chosen(CASES + MORE.get(agent.name, ()), lambda one: one.__name__):
            what, began = "%s %s: %s" % (agent.name, agent.version, function.__name__), time.monotonic()
            over = "the time for all of them is over" if began - start > WHOLE_S else None
            fault = None if why else over or run(agent, program, function, bin_dir)
            word = "SKIP" if why else "FAIL" if fault else "PASS"
            counts[{"SKIP": "skipped", "FAIL": "failed", "PASS": "passed"}[word]] += 1
            print("%s: %s (%s)%s" % (word, what, why or "%.1f s" % (time.monotonic() - began),
                                     "\n" + fault if fault else ""), flush=True)
    print("agents: %(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
