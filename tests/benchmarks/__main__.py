"""Prints one table of how fast the project is, and writes it as JSON.

python -m tests.benchmarks [--quick] [--pairs N] [--json FILE] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

from tabulate import tabulate

from tests.benchmarks.figures import LARGE, QUICK, Bench
from tests.benchmarks.installation import PROJECT, Installation
from tests.benchmarks.measure import Figure


def main() -> None:
    args = _arguments()
    started = time.monotonic()
    installation = Installation(args.folder / "installation")
    work = args.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    found = []
    try:
        bench = Bench(installation, work, QUICK if args.quick else LARGE, args.pairs)
        for figure in bench.figures():
            found.append(figure)
            _say(f"{figure.ratio:6.2f}  {figure.what}")
        print(_table(found), flush=True)
        args.json.write_text(json.dumps([one._asdict() for one in found], indent=2) + "\n")
    finally:
        _say("clearing up")
        shutil.rmtree(work)
    _say(f"{time.monotonic() - started:.0f} s; written to {args.json}")
    sys.exit(any(figure.missed for figure in found))


def _arguments() -> argparse.Namespace:
    folder = PROJECT / "build" / "benchmarks"
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true", help="small shops and few pairs")
    parser.add_argument("--pairs", type=int, help="how often to measure each (7 or 41)")
    parser.add_argument("--json", type=Path, help="default: figures.json in the folder")
    parser.add_argument("--folder", type=Path, default=folder, help="on the disk to measure")
    args = parser.parse_args()
    args.folder = args.folder.resolve()
    args.folder.mkdir(parents=True, exist_ok=True)
    args.json = args.json or args.folder / "figures.json"
    args.pairs = args.pairs or (7 if args.quick else 41)
    return args


def _table(figures: list[Figure]) -> str:
    rows = [
        (
            figure.what,
            figure.against,
            "" if figure.at_most is None else f"{figure.at_most:.2f}",
            f"{figure.ratio:.2f}{' !' if figure.missed else ''}",
            f"{figure.ours:,.1f} {figure.unit}",
            f"{figure.theirs:,.1f} {figure.unit}",
        )
        for figure in figures
    ]
    header = ("measured", "against", "at most", "ratio", "ours", "theirs")
    align = ("left", "left", "right", "right", "right", "right")
    table = tabulate(rows, header, tablefmt="simple", colalign=align, disable_numparse=True)
    notes = [f"{figure.what}: {figure.note}" for figure in figures if figure.note]
    return "\n".join([table, "", *notes])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
