#!/usr/bin/python3
"""One number for how Cupel behaves: a hash of every trial and network of a fixed study.

usage: signature.py BUILD_FOLDER

Candidates, seeds, scores and weights of a short design of samples/yacht.csv, to the last bit. It
is the same on every machine with the same C library, for every kernel set and any number of
threads. A change of code that keeps it has changed no result.
"""
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

YACHT = Path(__file__).resolve().parent.parent / "samples/yacht.csv"
DESIGN = ["--target", "resid_resistance", "--trials", "48", "--confirm", "1", "--seed", "1"]


def signature(program):
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "signature.study"
        subprocess.run([program, "design", YACHT, *DESIGN, "--output", study.with_suffix(""),
                        "--quiet"], check=True, stdout=subprocess.DEVNULL)
        export = subprocess.run([program, "report", study, "--canonical"], check=True,
                                stdout=subprocess.PIPE).stdout
    results = [line for line in export.splitlines() if line.startswith((b'{"trial"', b'{"refit"'))]
    if len(results) < 48:
        sys.exit("signature: the canonical export has too few trials")
    return int.from_bytes(hashlib.sha256(b"\n".join(results)).digest()[:4], "big")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(signature(Path(sys.argv[1]).resolve() / "cupel"))


if __name__ == "__main__":
    main()
