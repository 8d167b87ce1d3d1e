"""Puts the table of a study's result into README.md, between its marks: `python benchmarks/study_table.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- table.md of the example study -->", "<!-- end of table.md -->"


def put(folder: Path, readme: Path = README) -> None:
    """Replace what stands between the marks; SystemExit if there are none."""
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{readme} has no {BEGIN} … {END}")
    table = (folder / "table.md").read_text(encoding="utf-8").strip()
    readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    put(Path(sys.argv[1]))
