#!/usr/bin/python3
"""The starter policy of a real repository: printed by the real program, good where it is meant to lie, true in what it
says of the project's tasks, and never a reason to allow a labelled call that must not pass."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CORPORA = [os.path.join(HERE, "corpus", name) for name in ("calls.jsonl", "more.jsonl", "more-tools.jsonl")]
PROGRAM = os.path.join(os.environ.get("BASCULE_BIN", "."), "bascule")


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(path, 0o600)


def report(ok, name, more=""):
    print("%s - %s%s" % ("ok" if ok else "not ok", name, "" if ok else "\n" + str(more)))
    return ok


def policy(root, *words, stdin=""):
    done = subprocess.run((PROGRAM, "policy") + words + ("--root", os.path.join(root, "own")), input=stdin, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def repository(root):
    project = os.path.join(root, "project")
    put(os.path.join(project, "package.json"),
        '{"scripts": {"test": "node --test", "lint": "eslint .", "gen": "node gen.js", "deploy": "sh x.sh"}}\n')
    put(os.path.join(project, "Makefile"), "check: a\n\ttrue\npublish:\n\ttrue\n")
    put(os.path.join(project, ".gitignore"), "node_modules/\ndist\ndata/\n")
    env = {"PATH": os.environ["PATH"], "HOME": root, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (["init", "-q", "-b", "feature/x", "."], ["add", "-A"], ["commit", "-qm", "init"],
                  ["config", "branch.live.remote", "origin"],
                  ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk9"]):
        subprocess.run(["git", "-C", project, "-c", "user.name=t", "-c", "user.email=t@example.invalid"] + words,
                       check=True, env=env, stdout=subprocess.DEVNULL)
    return project


def judged(root, project, command):
    call = {"id": "1", "server": "commands", "tool": "run_command", "arguments": {"command": command},
            "context": {"scope": [project], "cwd": project}}
    return json.loads(policy(root, "judge", stdin=json.dumps(call) + "\n")[1])


def unsafe(root, corpus):
    said = policy(root, "test", "--assume-facts", "--corpus", corpus)[1]
    assert " calls: " in said, said
    return set(re.findall(r"^UNSAFE (\S+):", said, re.M))


def check(root):
    project = repository(root)
    below = os.path.join(project, "a", "b")
    os.makedirs(below)
    code, text = policy(root, "starter", below)
    good = report(code == 0 and text.startswith("# Rules of this project"), "it is printed from below, too", text)
    good &= report("\nprotect branch trunk9 live\n" in text, "branches: of origin/HEAD and of the configuration", text)
    good &= report("\nhold task deploy publish\n" in text, "tasks that go out wait", text)
    own = os.path.join(project, ".bascule", "policy.rules")
    put(own, text)
    said = policy(root, "check", "--level", "project", own)
    good &= report(said[0] == 0, "policy check finds nothing", said[1])
    passing = re.search(r"# Found here, and passing.*?\n\n", text, re.S).group(0)
    lines = re.findall(r"^#   (.*)$", passing, re.M)
    good &= report(lines == ["npm run test", "npm run lint", "make check"], "the tasks that pass are named", lines)
    for line in lines:
        verdict = judged(root, project, line)
        good &= report(verdict["verdict"] == "allow", "and it is true of " + line, verdict)
    for line in ("npm run gen", "npm run deploy", "make publish", "git push origin trunk9", "git push origin live"):
        verdict = judged(root, project, line)
        good &= report(verdict["verdict"] == "hold", "waits: " + line, verdict)
    # as the user's own, where a line that allows would count: no call passes that did not without it
    before = [unsafe(root, corpus) for corpus in CORPORA]
    put(os.path.join(root, "own", "config", "policy.rules"), text)
    for corpus, lines in zip(CORPORA, before):
        more = unsafe(root, corpus) - lines
        good &= report(not more, "no call of %s passes by it" % os.path.basename(corpus), more)
    code, said = policy(root, "starter", os.path.join(root, "none"))
    return good & report(code == 1 and "none" in said, "a directory that is not there", said)


def main():
    root = os.path.realpath(tempfile.mkdtemp(prefix="bascule-starter-"))
    try:
        os.mkdir(os.path.join(root, "own"))
        good = check(root)
    finally:
        shutil.rmtree(root)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
