#!/usr/bin/python3
"""What a refusal says that the rules allow instead is true: for every labelled call that must not pass, what is said is
taken at its word, made into a call, and judged."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CORPORA = ("calls.jsonl", "more.jsonl", "more-tools.jsonl")
PROGRAM = os.path.join(os.environ.get("BASCULE_BIN", "."), "bascule")
LEAST = 50  # clauses that are tried; fewer would prove little
OPERATOR = r"\s*(?:\|\||&&|;|\||\n)\s*"


def judge(root, calls):
    done = subprocess.run((PROGRAM, "policy", "judge", "--assume-facts", "--root", root), text=True, check=False,
                          input="".join(json.dumps(call) + "\n" for call in calls), stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def without(line, command):
    """The line without that command and one operator beside it; None: it is not there in these words."""
    word = re.escape(command)
    for pattern in (OPERATOR + word + r"\s*$", r"^\s*" + word + OPERATOR, OPERATOR + word + r"(?=\s*(?:\|\||&&|;|\n))"):
        rest, count = re.subn(pattern, "", line, count=1)
        if count:
            return rest
    return None


def shell_argument(call):
    for name in ("command", "cmd", "script"):
        if isinstance(call.get("arguments"), dict) and isinstance(call["arguments"].get(name), str):
            return name
    return None


def changed(call, **more):
    return dict(call, arguments=dict(call["arguments"], **more))


def on_branch(call, branch):
    return dict(call, context=dict(call.get("context", {}), branch=branch))


def shell(call, command):
    return {"id": call["id"], "server": "commands", "tool": "run_command", "arguments": {"command": command},
            "context": call.get("context", {})}


def taken_at_its_word(call, clause):
    """The calls that must pass if the clause is true; None: another kind of clause."""
    if clause.startswith("the same line without `"):
        name, command = shell_argument(call), clause[len("the same line without `"):-1]
        rest = without(call["arguments"][name], command) if name else None
        return [changed(call, **{name: rest})] if rest is not None else []
    if clause.startswith("committing on a branch of its own, such as feature/change"):
        return [shell(call, "git switch -c feature/change"), on_branch(call, "feature/change")]
    found = re.match(r"(writing a new file|a new directory) such as (\S+)$", clause)
    if found:
        tool = "create_directory" if "directory" in found.group(1) else "write_file"
        arguments = {"path": found.group(2)}
        if tool == "write_file":
            arguments["content"] = ""
        return [{"id": call["id"], "server": "filesystem", "tool": tool, "arguments": arguments,
                 "context": call.get("context", {})}]
    return None


def check(root, name):
    with open(os.path.join(HERE, "corpus", name), encoding="utf-8") as source:
        calls = [json.loads(line) for line in source]
    tried, good = [], True
    for call, verdict in zip(calls, judge(root, calls)):
        for clause in verdict["instead"]:
            words = taken_at_its_word(call, clause)
            if words is None or verdict["verdict"] == "allow":
                print("not ok - %s: %s is not known here" % (call["id"], clause))
                good = False
            tried += [(clause, word) for word in words or []]
    for (clause, call), verdict in zip(tried, judge(root, [call for _, call in tried])):
        if verdict["verdict"] != "allow":
            print("not ok - %s: %s: %s: %s" % (call["id"], clause, call["arguments"], verdict["reason"]))
            good = False
    print("%s - %s: %d clauses tried" % ("ok" if good else "not ok", name, len(tried)))
    return good, len(tried)


def main():
    root = tempfile.mkdtemp(prefix="bascule-instead-")
    try:
        results = [check(root, name) for name in CORPORA]
    finally:
        shutil.rmtree(root)
    count = sum(tried for _, tried in results)
    print("%s - %d clauses in all" % ("ok" if count >= LEAST else "not ok", count))
    sys.exit(0 if count >= LEAST and all(good for good, _ in results) else 1)


if __name__ == "__main__":
    main()
