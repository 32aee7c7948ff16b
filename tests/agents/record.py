"""In place of a hook: keeps what it is given in FOLDER, then is the hook. usage: record.py FOLDER NAME HOOK..."""
import os
import subprocess
import sys
import tempfile

folder, name, *hook = sys.argv[1:]
given = sys.stdin.buffer.read()
os.makedirs(folder, exist_ok=True)
with tempfile.NamedTemporaryFile(prefix=name + "-", suffix=".json", dir=folder, delete=False) as file:
    file.write(given)
sys.exit(subprocess.run(hook, input=given, check=False).returncode)
