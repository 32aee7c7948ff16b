#!/usr/bin/python3
"""Whatever text the strict reader of JSON accepts has the same tree for it, for Python and for node; and texts at
the edge of the grammar are refused or accepted as written in corpus/json-edge.jsonl ("y": accepted, "n": refused,
"i": either). Their bytes are then changed at random, which must not make the readers disagree.

Without node the rest is still compared with Python, and the test counts as skipped.
"""
import base64
import json
import os
import random
import shutil
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
EDGES = os.path.join(HERE, "corpus", "json-edge.jsonl")
CHANGES = 6000

NODE = r"""
const lines = require('fs').readFileSync(0, 'latin1').split('\n').slice(0, -1);
const hex = (s) => Buffer.from(s, 'utf8').toString('hex');
function tree(v) {
	if (v === null) return 'z';
	if (v === true) return 't';
	if (v === false) return 'f';
	if (typeof v === 'string') return 's' + hex(v);
	if (typeof v === 'number') {
		const b = Buffer.alloc(8);
		b.writeDoubleBE(v);
		return 'n' + b.toString('hex');
	}
	if (Array.isArray(v)) return '[' + v.map((x) => tree(x) + ',').join('') + ']';
	const all = Object.keys(v).map((k) => [hex(k), tree(v[k])]);
	all.sort((a, b) => (a[0] < b[0] ? -1 : 1));
	return '{' + all.map(([k, x]) => k + ':' + x + ',').join('') + '}';
}
const out = lines.map((line) => {
	try {
		return tree(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, 'hex'))));
	} catch (e) {
		return 'refused';
	}
});
process.stdout.write(out.join('\n') + '\n');
"""


def double(text):
    try:
        return float(text)
    except OverflowError:
        return float("inf")


def tree(value):
    if value is None:
        return "z"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, float):
        return "n" + struct.pack(">d", value).hex()
    if isinstance(value, list):
        return "[" + "".join(tree(item) + "," for item in value) + "]"
    members = sorted((key.encode("utf-8").hex(), tree(item)) for key, item in value.items())
    return "{" + "".join(key + ":" + item + "," for key, item in members) + "}"


def refuse(word):
    raise ValueError(word)


def by_python(text):
    try:
        value = json.loads(text.decode("utf-8"), parse_int=double, parse_float=double, parse_constant=refuse)
        return tree(value)
    except (ValueError, RecursionError):
        return "refused"


def by_program(words, texts):
    lines = b"".join(text.hex().encode() + b"\n" for text in texts)
    done = subprocess.run(words, input=lines, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split("\n")[:-1]


def changed(texts):
    """The texts with a byte taken out, put in, doubled or another; always the same ones."""
    source = random.Random(1)
    pieces = [b'"', b"\\", b"\\u", b"\\ud83d", b"\\udc00", b"\\u0000", b",", b":", b"{", b"}", b"[", b"]", b"0", b"-",
              b".", b"e", b"1", b" ", b"\n", b"\t", b"\x00", b"\x1f", b"\x7f", b"\xc0", b"\xed", b"\xf4", b"\xef\xbb\xbf",
              b"\xe2\x80\xa8", b"/", b"null", b"true", b"NaN", b'"a":1,', b"\xc3\xa9"]
    for _ in range(CHANGES):
        text = source.choice(texts)
        at = source.randrange(len(text) + 1)
        cut = source.choice((0, 0, 1, 2))
        yield text[:at] + source.choice(pieces + [b""]) + text[at + cut:]


def report(ok, name, more=""):
    print("%s - %s%s" % ("ok" if ok else "not ok", name, more))
    return ok


def main():
    program = os.path.join(os.environ.get("BASCULE_BIN", "."), "tests", "tools", "json_tree")
    with open(EDGES, encoding="utf-8") as lines:
        edges = [json.loads(line) for line in lines]
    texts = [base64.b64decode(edge["text"]) for edge in edges]
    ours = by_program([program], texts)
    good = report(len(ours) == len(texts) > 150, "every text is read", " # %d" % len(texts))
    for edge, got in zip(edges, ours):
        wrong = edge["expect"] == ("y" if got == "refused" else "n")
        if wrong:
            good = report(False, "%s is %s" % (edge["name"], "refused" if got == "refused" else "accepted"))
    small = [text for text, got in zip(texts, ours) if got != "refused" and len(text) < 400]
    every = texts + list(changed(small))
    ours = by_program([program], every)
    accepted = [i for i, got in enumerate(ours) if got != "refused"]
    others = {"Python": [by_python(every[i]) for i in accepted]}
    node = shutil.which("node")
    if node:
        others["node"] = by_program([node, "-e", NODE], [every[i] for i in accepted])
    for name, trees in others.items():
        differ = [every[i] for i, got in zip(accepted, trees) if got != ours[i]]
        for text in differ[:5]:
            print("# %s reads otherwise: %r" % (name, text[:200]))
        good &= report(not differ and len(trees) == len(accepted) > 500, "%s reads what is accepted alike" % name,
                       " # %d of %d texts are accepted" % (len(accepted), len(every)))
    if good and not node:
        print("# node is not there")
        sys.exit(77)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
