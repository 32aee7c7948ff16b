#!/usr/bin/python3
"""Labelled calls through `bascule policy judge`: nothing that must wait may pass, and hardly anything that may pass
waits. Each call is judged in a real workspace, made for it: files, a git repository, links.

Also the replay of real calls, with what must not pass tried against the grants that the sessions left.

usage: policy_corpus.py [FILE.jsonl]   (with a file: prints what is not as labelled, for work on the policy)
"""
import collections
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = [path for path in (os.path.join(HERE, "corpus", name) for name in
                           ("calls.jsonl", "more.jsonl", "more-tools.jsonl")) if os.path.exists(path)]
REAL = os.path.join(HERE, "corpus", "real.jsonl.xz")

FILES = """README.md CHANGELOG.md LICENSE Makefile Dockerfile CMakeLists.txt Cargo.toml go.mod pyproject.toml
tsconfig.json package.json package-lock.json data.csv names.txt .gitignore .editorconfig .dockerignore .prettierrc
.eslintrc.json .env .env.example .env.production .npmrc src/index.ts src/app.ts src/a.ts src/main.c src/lib.rs
src/env.ts src/env.d.ts src/tokenizer.ts src/keyboard.ts src/page.html src/styles/main.css src/auth/token.ts
src/auth/oauth-token-store.ts src/types/secrets-manager.d.ts src/components/Button.tsx
src/components/PasswordField.tsx tests/api.test.ts tests/test_api.py tests/__init__.py tests/fixtures/users.json
docs/notes.md docs/old.md docs/password-policy.md docs/api-keys.md docs/environment.md docs/security.md
docs/résumé.md docs/設計.md docs/adr/0001-use-sqlite.md logs/app.log assets/logo.png packages/api/src/server.ts
packages/api/package.json packages/web/src/App.tsx internal/server/server.go dist/app.js config/master.key
certs/server.key secrets/db.yaml .github/workflows/ci.yml .vscode/settings.json""".split() + ["docs/release notes.md"]
OUTSIDE = ("ws-evil/secrets.txt", "home/u/.ssh/id_rsa", "home/u/.ssh/id_ed25519", "home/u/.ssh/authorized_keys",
           "home/u/.netrc", "home/u/.bashrc", "wsx/x", "ws_backup/x", "home/u/.config/bascule/policy.rules",
           "home/u/.local/state/bascule/log.db", "home/u/.aws/config")


def git(where, *words):
    env = {"PATH": os.environ["PATH"], "HOME": where, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(("git", "-C", where) + words, check=True, env=env, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def put(path, text="x\n"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def make_workspace(root):
    """ROOT/ws and ROOT/home/u, as the labelled calls assume them."""
    for name in OUTSIDE:
        put(os.path.join(root, name))
    ws = os.path.join(root, "ws")
    for name in FILES:
        put(os.path.join(ws, name))
    put(os.path.join(ws, "package.json"), '{"name":"app","scripts":{"test":"true","lint":"true","build":"true"}}\n')
    git(ws, "init", "-q", "-b", "main", ".")
    git(ws, "config", "user.email", "t@example.invalid")
    git(ws, "config", "user.name", "t")
    git(ws, "add", "-A")
    git(ws, "commit", "-qm", "init")
    for branch in ("release/1.2", "feature/x", "feature/y", "fix/slug-unicode"):
        git(ws, "branch", branch)
    git(ws, "checkout", "-q", "feature/x")
    git(ws, "tag", "v1.0.0")


PLACE = re.compile(r"(?<![A-Za-z0-9_.~-])/(ws|home/u)(?![A-Za-z0-9])|(?<![A-Za-z0-9_.~-])/ws(?=x/)")


def moved(value, root):
    """The same call in a workspace that lies elsewhere."""
    if isinstance(value, str):
        return PLACE.sub(lambda m: root + m.group(0), value)
    if isinstance(value, list):
        return [moved(item, root) for item in value]
    if isinstance(value, dict):
        return {key: moved(item, root) for key, item in value.items()}
    return value


class Links:
    """What a call wants to lie there first; put back afterwards."""

    def __init__(self, entries):
        self.undo = []
        for entry in entries:
            path = entry.get("symlink") or entry.get("hardlink") or entry.get("fifo") or entry.get("file")
            if os.path.lexists(path):
                kept = path + ".kept"
                os.rename(path, kept)
                self.undo.append((os.rename, kept, path))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if "symlink" in entry:
                os.symlink(entry["target"], path)
            elif "hardlink" in entry:
                os.link(entry["target"], path)
            elif "fifo" in entry:
                os.mkfifo(path)
            else:
                put(path, entry.get("content", "x\n"))
            self.undo.append((os.unlink, path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for step in reversed(self.undo):
            step[0](*step[1:])


class Judge:
    """One `bascule policy judge` that is asked line by line."""

    def __init__(self, program, root):
        self.process = subprocess.Popen((program, "policy", "judge", "--root", root), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def __call__(self, case):
        self.process.stdin.write(json.dumps(case).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        return self.process.wait(30)


def lines_of(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            yield from lines


def judge_files(program, paths, root):
    judge = Judge(program, os.path.join(root, "own"))
    for line in lines_of(paths):
        case = moved(json.loads(line), root)
        with Links(case["context"].get("fs", ())):
            yield case, judge(case)
    judge.close()


def report(ok, name, more=""):
    print("%s - %s%s" % ("ok" if ok else "not ok", name, more))
    return ok


def check_calls(program, root, paths, loud):
    made, passed, unsafe, needless = collections.Counter(), collections.Counter(), [], []
    for case, verdict in judge_files(program, paths, root):
        allowed = verdict["verdict"] == "allow"
        if case["expect"] == "allow":
            made[case["class"]] += 1
            passed[case["class"]] += allowed
        if allowed != (case["expect"] == "allow"):
            (unsafe if allowed else needless).append((case, verdict))
    if loud:
        for name, found in (("UNSAFE", unsafe), ("asked", needless)):
            for case, verdict in found:
                print(name, case["id"], case["tool"], json.dumps(case["arguments"]).replace(root, "")[:140], "|",
                      verdict["rule"], verdict["reason"].replace(root, ""))
    for case, verdict in unsafe:
        print("# passed and must not: %s %s" % (case["id"], verdict["rule"]))
    good = report(not unsafe, "nothing that must wait passes")
    total = sum(passed.values()) / max(1, sum(made.values()))
    good &= report(total >= 0.98, "what may pass passes", " # %.1f %%" % (100 * total))
    for name in sorted(made):
        good &= report(passed[name] >= 0.95 * made[name], "in class " + name,
                       " # %d of %d" % (passed[name], made[name]))
    return good


def check_replay(program, root):
    log, inject = os.path.join(root, "real.jsonl"), os.path.join(root, "inject.jsonl")
    with lzma.open(REAL) as packed, open(log, "wb") as out:
        shutil.copyfileobj(packed, out)
    with open(inject, "w", encoding="utf-8") as out:
        for line in lines_of(CALLS[:1]):  # the others rest on what lies on a disk
            if json.loads(line)["expect"] != "allow":
                out.write(line)
    done = subprocess.run((program, "policy", "replay", "--root", os.path.join(root, "own"), "--log", log,
                           "--assume-facts", "--grants", "session", "--inject", inject, "--json"),
                          stdout=subprocess.PIPE, check=False)
    result = json.loads(done.stdout)
    good = report(result["asks_per_100"] <= 5.0, "questions for real calls", " # %.2f per 100" % result["asks_per_100"])
    good &= report(result["calls"] > 8000 and result["not_understood"] == 0, "every real call is read")
    good &= report(result["unsafe"] == 0 and result["injected"] > 0, "no grant lets through what must wait",
                   " # %d tried" % result["injected"])
    return good


def main():
    program = os.path.join(os.environ.get("BASCULE_BIN", "."), "bascule")
    root = os.path.realpath(tempfile.mkdtemp(prefix="bascule-corpus-"))
    try:
        os.mkdir(os.path.join(root, "own"))
        make_workspace(root)
        good = check_calls(program, root, sys.argv[1:] or CALLS, len(sys.argv) > 1)
        if len(sys.argv) == 1:
            good &= check_replay(program, root)
    finally:
        shutil.rmtree(root)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
