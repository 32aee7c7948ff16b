#!/usr/bin/env python3
"""Writes core/policy/sets_fold_table.h: characters beyond ASCII that NFKC and case folding turn into what names of
sets are made of. Usage: fold_table.py >core/policy/sets_fold_table.h"""
import unicodedata

KEEP = set("abcdefghijklmnopqrstuvwxyz0123456789._~-/")
LAST_LONG = 0x2200  # of those that become several characters: ligatures, numerals, dots; further up are only units
LIGATURES = range(0xFB00, 0xFB07)


def folded(code):
    if code in (0x130, 0x131):  # the dotted and the dotless i of Turkish
        return "i"
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", chr(code)).casefold()).casefold()
    few = len(text) == 1 or code < LAST_LONG or code in LIGATURES
    return text if few and text != chr(code) and text and set(text) <= KEEP else None


runs = []
for code in range(0x80, 0x110000):
    text = None if 0xD800 <= code < 0xE000 else folded(code)
    if not text:
        continue
    last = runs[-1] if runs else None
    if last and last[1] == code - 1 and len(text) == len(last[2]) == 1 and ord(text) == ord(last[2]) + code - last[0]:
        last[1] = code
    else:
        runs.append([code, code, text])

print("/* Made by tests/tools/fold_table.py from the Unicode Character Database %s: do not edit. */"
      % unicodedata.unidata_version)
line = ""
for first, last, text in runs:
    row = 'F(%X, %X, "%s")' % (first, last, text)
    if len(line) + len(row) + 1 > 100:
        print(line)
        line = ""
    line += (" " if line else "") + row
print(line)
