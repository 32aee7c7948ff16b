#!/usr/bin/python3
"""One character put into calls that pass, at every place: what still passes must be what policy took it for.

A command line is given to bash, in which every program is a function that reports its words: what bash would run must be
among the commands that policy names, what it would write among the files. Paths, addresses and statements are read
again by Python's own libraries. MUTATION_PART=1 tries all; the default tries one in 6, always the same.
"""
import collections
import hashlib
import json
import multiprocessing
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import policy_corpus  # noqa: E402

PART = int(os.environ.get("MUTATION_PART") or 6)
CHARACTERS = list(";&|\n\r`><\\{}~!'\"*?#") + ["$(", ")", "\0", "\u202e", "\u200b", "\u00a0", "\x1b"]
NEVER = "\0\u202e\u200b\x1b"  # in no path, command, address or statement
PATHS = ("path", "file_path", "source", "destination", "repo_path", "cwd", "workdir", "paths", "files")
# Words of a path that only policy's own rules may let through, and never by a changed name.
CLOSED = ("/.env", "/.git/", "/.ssh", "/.aws", "/.netrc", "/.npmrc", "/secrets", ".pem", ".key")

# Reports end with NUL NUL. Commands of a pipe report side by side, and printf writes at each newline: \1 stands for one,
# so that a report is one write. Nothing but these functions can be found; -f: patterns stay as they are.
BASH = r"""
PATH=/nonexistent
oracle_r() { builtin printf '%s\0' "${@//$'\n'/$'\1'}" '' >&9; while builtin read -r oracle_l; do builtin :; done; builtin return $oracle_s; }
command_not_found_handle() { oracle_r "$@"; builtin exit $oracle_s; }
for oracle_b in $(builtin compgen -b); do
	case $oracle_b in builtin|:|return|exit) builtin continue ;; esac
	builtin eval "function $oracle_b { oracle_r $oracle_b \"\$@\"; }"
done
cd() { oracle_r cd "$@" && builtin cd "$@"; }
for oracle_t in "$@"; do
	for oracle_s in 0 1; do
		( builtin eval "$oracle_t"
		builtin wait ) </dev/null >/dev/null 2>&1
	done
	builtin printf 'end\0\0' >&9
done
"""


def kind_of(case, key):
    if key == "command":
        return "command"
    if key in ("sql", "query") and case["server"] in ("postgres", "sqlite"):
        return "sql"
    local = case["server"] != "github"
    return "url" if key == "url" else "path" if key in PATHS and local else None


def mutants(text):
    """Every text with one character more; of those, always the same part."""
    for at in range(len(text) + 1):
        for character in CHARACTERS:
            new = text[:at] + character + text[at:]
            if int.from_bytes(hashlib.blake2b(new.encode(), digest_size=4).digest(), "big") % PART == 0:
                yield new


def changed_calls(case):
    for key, value in case["arguments"].items():
        kind = kind_of(case, key)
        for index, text in enumerate(value if isinstance(value, list) else [value]):
            if kind and isinstance(text, str):
                for new in mutants(text):
                    value_now = value[:index] + [new] + value[index + 1:] if isinstance(value, list) else new
                    yield kind, new, dict(case, arguments=dict(case["arguments"], **{key: value_now}))


def bash_runs(lines, cwd, home):
    """What bash runs of each line: a set of tuples; and what it changed on the disk."""
    with tempfile.TemporaryFile() as out:
        subprocess.run(["bash", "--norc", "--noprofile", "-f", "-c", "exec 9>&%d\n%s" % (out.fileno(), BASH), "bash"] + lines,
                       cwd=cwd, env={"HOME": home, "LC_ALL": "C.UTF-8"}, pass_fds=(out.fileno(),), check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        out.seek(0)
        text = out.read().decode("utf-8", "surrogateescape")
    found, current = [], set()
    for report in text.split("\0\0")[:-1]:
        if report == "end":
            found.append(current)
            current = set()
        else:
            current.add(tuple(report.replace("\1", "\n").split("\0")))
    return found


def inside(path, scope):
    real = os.path.realpath(path)
    return any(real == top or real.startswith(top + "/") for top in scope)


def written(root):
    """What lies below, with what shows a change."""
    found = {}
    for top, _, names in os.walk(root):
        for name in names:
            path = os.path.join(top, name)
            stat = os.lstat(path)
            found[os.path.realpath(path)] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    return found


def named_paths(verdict, kinds):
    return [e for e in verdict["effects"] if e["kind"] in kinds]


def full_path(effect):
    return os.path.join(effect.get("base", ""), effect["given"])


def wrong_path(case, text):
    full = os.path.join(case["context"]["cwd"], text)
    if text.startswith("~") or not inside(full, case["context"]["scope"]):
        return "leads elsewhere"
    real = os.path.realpath(full)
    closed = any(word in real + "/" for word in CLOSED) and not real.endswith(".example")
    return "is closed" if closed else None


def wrong_url(text):
    if any(c in text for c in "\\\n\r\u00a0"):
        return "is read in more than one way"
    host = urllib.parse.urlsplit(text).hostname or ""
    return None if host in ("localhost", "127.0.0.1", "::1") else "goes to %r" % host


def wrong_sql(text):
    """sqlite's own parser: a second statement, or anything that is not reading."""
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
               sqlite3.SQLITE_PRAGMA)
    did = []
    base = sqlite3.connect(":memory:")
    for table in ("users", "orders", "notes", "t"):
        base.execute("create table %s (id, name, email, total, user_id, title, body, created_at)" % table)
    base.set_authorizer(lambda action, *_: did.append(action) or sqlite3.SQLITE_OK)
    try:
        base.execute(text)
    except sqlite3.OperationalError:
        pass
    except (sqlite3.Warning, sqlite3.ProgrammingError) as error:
        return "has more than one statement" if "one statement" in str(error) else None
    finally:
        base.close()
    return "changes something" if any(action not in reading for action in did) else None


def is_same(argv, named):
    """Policy names a command without what only starts it, and npm's sub-commands by their whole name."""
    for starts in (("timeout", None), ("bundle", "exec"), ("poetry", "run"), ("uv", "run"),
                   ("time",)):
        if len(argv) > len(starts) and all(w in (None, a) for w, a in zip(starts, argv)):
            argv = argv[len(starts):]
    if argv[0] == named[0] == "npm" and len(argv) > 1:
        loud, named_loud = ([w for w in words[2:] if w not in ("-s", "--silent")] for words in (argv, named))
        return named[1:2] and named[1].startswith(argv[1]) and loud == named_loud
    return argv == named


def wrong_line(case, verdict, runs):
    """Why what bash runs is not what policy named; None: it is."""
    argvs = {tuple(shlex.split(e["given"])) for e in named_paths(verdict, ("exec", "task"))}
    for argv in runs:
        if not any(is_same(argv, named) for named in argvs) and argv[0] not in ("cd", "true", "false", "set", "pwd"):
            return "bash runs %r" % (argv,)
    for effect in named_paths(verdict, ("read", "write", "delete")):
        scope = case["context"]["scope"] + ["/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr"]
        if "*" not in effect["given"] and not inside(full_path(effect), scope) and not effect.get("inside"):
            return "touches %r" % effect["given"]
    return None


def lines_of(case, root, passed, counts):
    """Of the lines that pass: which bash reads otherwise."""
    ws = os.path.join(root, "ws")
    cwd = case["arguments"].get("cwd") or case["arguments"].get("workdir") or case["context"]["cwd"]
    for at in range(0, len(passed), 200):
        some = passed[at:at + 200]
        before = written(ws)
        found = bash_runs([text for text, _ in some], cwd, os.path.join(root, "home", "u"))
        if len(found) != len(some):
            yield some[0][0], "bash ended early"
            continue
        counts["run by bash"] += sum(map(len, found))
        for (text, verdict), runs in zip(some, found):
            why = wrong_line(case, verdict, runs)
            if why:
                yield text, why
        after = written(ws)
        may = {os.path.realpath(full_path(e)) for _, verdict in some for e in named_paths(verdict, ("write",))}
        for path in after:
            if after[path] != before.get(path) and path not in may:
                yield path, "bash wrote it, and nobody said so"


def try_case(judge, case, root, counts):
    passed = []
    for kind, text, call in changed_calls(case):
        verdict = judge(call)
        counts["tried"] += 1
        if verdict["verdict"] != "allow":
            continue
        counts["passed " + kind] += 1
        why = "passes" if any(c in text for c in NEVER) else None
        if kind == "command":
            passed.append((text, verdict))
        elif kind == "path":
            why = why or wrong_path(case, text)
        elif kind == "url":
            why = why or wrong_url(text)
        else:
            why = why or wrong_sql(text)
        if why:
            yield case["id"], text, why
    for text, why in lines_of(case, root, passed, counts):
        yield case["id"], text, why


def try_share(share):
    """One of two processes, with a workspace of its own."""
    program = os.path.join(os.environ.get("BASCULE_BIN", "."), "bascule")
    root = os.path.realpath(tempfile.mkdtemp(prefix="bascule-mutation-"))
    counts, wrong = collections.Counter(), []
    try:
        os.mkdir(os.path.join(root, "own"))
        policy_corpus.make_workspace(root)
        judge = policy_corpus.Judge(program, os.path.join(root, "own"))
        cases = [case for case in map(json.loads, policy_corpus.lines_of(policy_corpus.CALLS))
                 if case["expect"] == "allow"][share::2]
        for case in cases:
            case = policy_corpus.moved(case, root)
            with policy_corpus.Links(case["context"].get("fs", ())):
                wrong += [(i, text.replace(root, ""), why.replace(root, "")) for i, text, why
                          in try_case(judge, case, root, counts)]
        judge.close()
    finally:
        shutil.rmtree(root)
    return counts, wrong


def main():
    with multiprocessing.Pool(2) as pool:
        shares = pool.map(try_share, (0, 1))
    counts = shares[0][0] + shares[1][0]
    wrong = shares[0][1] + shares[1][1]
    for case, text, why in wrong[:40]:
        print("# %s: %r %s" % (case, text, why))
    good = policy_corpus.report(not wrong, "what still passes is what it was taken for", " # %d wrong" % len(wrong))
    good &= policy_corpus.report(counts["tried"] > 1000 and counts["run by bash"] > 300, "enough was tried",
                                 " # " + ", ".join("%s %d" % item for item in sorted(counts.items())))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
