"""Whether runs came to what was expected of them."""

from __future__ import annotations

from sim.report.result import Result


def verdict(results: list[Result]) -> str:
    """`fail` if a run is invalid, unfinished or missed what was expected; `pass` if all held; else `open`."""
    summaries = [x.summary for x in results]
    held = [told["holds"] for x in summaries for told in x.get("expect", {}).values()]
    if not all(held) or not all(x["valid"] and x["status"] == "done" for x in summaries):
        return "fail"
    return "pass" if held else "open"
