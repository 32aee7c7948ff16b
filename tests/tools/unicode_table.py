#!/usr/bin/env python3
"""Prints core/unicode_table.h from the files of the Unicode Character Database in DIR (Debian: unicode-data).

Run by hand when the Unicode version changes: tests/tools/unicode_table.py DIR > core/unicode_table.h
"""
import sys

TOP = 0x110000
# Drawn as nothing, or as a box, by many fonts although their category calls them letters or symbols.
BLANK = [0x034F, 0x115F, 0x1160, 0x2800, 0x2D7F, 0x303F, 0x3164, 0xFFA0, 0xFFFC, 0x1107F, 0x13441, 0x13442,
         0x16FE4, 0x1D159]
# Vowels and tails of Hangul syllables: they join the letter before them.
JAMO = [range(0x1160, 0x1200), range(0xD7B0, 0xD800)]


def rows(path):
    for line in open(path, encoding="utf-8"):
        fields = [f.strip() for f in line.split("#")[0].split(";")]
        if len(fields) > 1:
            first, _, last = fields[0].partition("..")
            yield range(int(first, 16), int(last or first, 16) + 1), fields[1]


def categories(path):
    found, first = ["Cn"] * TOP, 0
    for line in open(path, encoding="utf-8"):
        fields = line.split(";")
        code = int(fields[0], 16)
        if fields[1].endswith(", First>"):
            first = code
            continue
        for c in range(first if fields[1].endswith(", Last>") else code, code + 1):
            found[c] = fields[2]
    return found


def marked(path, names):
    found = bytearray(TOP)
    for codes, name in rows(path):
        if name in names:
            for c in codes:
                found[c] = 1
    return found


def classify(c, category, wide, ignorable):
    if c < 0x80 or category[0] in "CZ" or ignorable or c in BLANK:
        return None
    if any(c in codes for codes in JAMO):
        return "JAMO"
    if category in ("Mn", "Me"):
        return "MARK"
    if category == "Mc":
        return None if wide else "SIDE"
    return "WIDE" if wide else "ONE"


def main(folder):
    category = categories(folder + "/UnicodeData.txt")
    wide = marked(folder + "/EastAsianWidth.txt", ("W", "F"))
    ignorable = marked(folder + "/DerivedCoreProperties.txt", ("Default_Ignorable_Code_Point",))
    table = []
    for c in range(TOP):
        kind = classify(c, category[c], wide[c], ignorable[c])
        if kind and table and table[-1][1] == c - 1 and table[-1][2] == kind:
            table[-1][1] = c
        elif kind:
            table.append([c, c, kind])
    version = open(folder + "/DerivedAge.txt", encoding="utf-8").readline().strip("#\n ")[11:-4]
    print("/* Made by tests/tools/unicode_table.py from the Unicode Character Database %s: do not edit. */" % version)
    cells = ["R(%04X, %04X, %s)" % tuple(entry) for entry in table]
    line = ""
    for cell in cells:
        if len(line) + len(cell) > 98:
            print(line)
            line = ""
        line += (" " if line else "") + cell
    print(line)


if __name__ == "__main__":
    main(sys.argv[1])
