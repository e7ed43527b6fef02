"""Runs verify.py on many exports in one process: a list of its argument lists on standard input, their exit codes out."""
import json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify import CODES, verify


def code_of(path, *vkeys):
    with open(path, "rb") as file:
        verdict, _, _ = verify((line.rstrip(b"\n") for line in file), list(vkeys))
    return CODES[verdict]


sys.dont_write_bytecode = True
print(json.dumps([code_of(*arguments) for arguments in json.load(sys.stdin)]))
