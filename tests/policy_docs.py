#!/usr/bin/python3
"""What the README and bascule-policy(5) show of rules is tried: every rule is one that is read, every example holds, and
the explanation is the one that the program gives.

usage: policy_docs.py [--write]   (puts the explanation of now into the README)
"""
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
README = os.path.join(HERE, "..", "README.md")
MANUAL = os.path.join(HERE, "..", "core", "policy", "bascule-policy.5")
REAL = os.path.join(HERE, "corpus", "real.jsonl.xz")
NUMBERS = {"none": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
PROJECT, CONFIG = "/home/me/project", "/home/me/.config/bascule"


def blocks(text, kind):
    found = re.findall(r"^```%s\n(.*?)^```$" % kind, text, re.M | re.S)
    assert found, "the README has no block of " + kind
    return found


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(path, 0o600)
    return path


def report(ok, name, more=""):
    print("%s - %s%s" % ("ok" if ok else "not ok", name, "" if ok else "\n" + more))
    return ok


class Checker:
    def __init__(self, root):
        self.root = root
        self.own = os.path.join(root, "own")
        self.program = os.path.join(os.environ.get("BASCULE_BIN", "."), "bascule")
        self.good = True

    def policy(self, *words, stdin=""):
        done = subprocess.run((self.program, "policy") + words + ("--root", self.own), input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def rules(self, name, text, level="user"):
        code, said = self.policy("check", "--level", level, put(os.path.join(self.root, "tried.rules"), text))
        self.good &= report(code == 0, name, said)

    def git(self, *words):
        env = {"PATH": os.environ["PATH"], "HOME": self.root, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(("git", "-C", os.path.join(self.root, "project"), "-c", "user.name=t", "-c",
                        "user.email=t@example.invalid") + words, check=True, env=env, stdout=subprocess.DEVNULL)

    def explained(self, readme):
        """The README's call, in a project as the README means it."""
        project = os.path.join(self.root, "project")
        put(os.path.join(self.own, "config", "policy.rules"), blocks(readme, "rules")[0])
        put(os.path.join(project, "package.json"), '{"scripts": {"test": "node --test", "gen": "node gen.js"}}\n')
        self.git("init", "-q", "-b", "feature/login", ".")
        self.git("add", "-A")
        self.git("commit", "-qm", "init")
        call = blocks(readme, "explain-input")[0].replace(PROJECT, project)
        said = self.policy("explain", stdin=call)[1]
        return said.replace(project, PROJECT).replace(os.path.join(self.own, "config"), CONFIG)


def check_readme(c, text):
    for rules in blocks(text, "rules"):
        c.rules("the rules of the README", rules)
    for rules in blocks(text, "project-rules"):
        c.rules("the project's rules of the README", rules, "project")
    for profile in blocks(text, "profile"):
        name = profile.split()[1]
        put(os.path.join(c.own, "config", "profiles", name + ".profile"), profile)
        code, said = c.policy("profiles", name)
        c.good &= report(code == 0 and "(yours)" in said and said.count("\n") == profile.count("\ntool ") + 1,
                         "the profile of the README", said)
    said = c.explained(text)
    c.good &= report(said == blocks(text, "explain-output")[0], "the explanation of the README", said)


def check_figures(c, text):
    """How often it asks: near to what is measured, so that not every step in the rules is one in the README."""
    log = os.path.join(c.root, "real.jsonl")
    with lzma.open(REAL) as packed, open(log, "wb") as out:
        shutil.copyfileobj(packed, out)
    os.rename(os.path.join(c.own, "config"), os.path.join(c.root, "config"))  # the built-in rules alone
    flat = " ".join(text.split())
    calls, sessions = re.search(r"Over ([0-9,]+) calls of coding agents from (\d+) sessions", flat).groups()
    asked, bare = re.search(r"ask ([0-9.]+) questions per 100 calls .*?, and ([0-9.]+) if none does", flat).groups()
    most = re.search(r"Half of the sessions have no question, nine of ten have (\w+) or fewer", flat).group(1)
    for kind, told in ("session", asked), ("none", bare):
        said = c.policy("replay", "--log", log, "--assume-facts", "--grants", kind, "--json")[1]
        got = json.loads(said)
        ok = (abs(got["asks_per_100"] - float(told)) < 0.3 and got["calls"] == int(calls.replace(",", "")) and
              got["sessions"] == int(sessions))
        if kind == "session":
            ok = ok and got["session_median"] == 0 and abs(got["session_p90"] - NUMBERS[most]) < 2
        c.good &= report(ok, "the figures of the README with grants: " + kind, said)


def check_manual(c, text):
    synopsis = re.search(r"^\.nf\n(.*?)^\.fi$", text, re.M | re.S).group(1)
    c.rules("the synopsis of bascule-policy(5)", synopsis)
    rules = re.findall(r'"((?:allow|hold|deny) [^"]+)"', text)
    c.good &= report(bool(rules), "bascule-policy(5) has rules in its text")
    for rule in rules:
        c.rules("bascule-policy(5): " + rule, "version 1\n%s\n" % rule)


def main():
    root = os.path.realpath(tempfile.mkdtemp(prefix="bascule-docs-"))
    try:
        os.mkdir(os.path.join(root, "own"))
        with open(README, encoding="utf-8") as source:
            readme = source.read()
        with open(MANUAL, encoding="utf-8") as source:
            manual = source.read()
        c = Checker(root)
        if sys.argv[1:] == ["--write"]:
            said = c.explained(readme)
            old = blocks(readme, "explain-output")[0]
            with open(README, "w", encoding="utf-8") as out:
                out.write(readme.replace("```explain-output\n" + old, "```explain-output\n" + said))
            return
        check_readme(c, readme)
        check_manual(c, manual)
        check_figures(c, readme)
    finally:
        shutil.rmtree(root)
    sys.exit(0 if c.good else 1)


if __name__ == "__main__":
    main()
