"""The process of the command `pilotzone`, which is `python -m sim` too; Ctrl-C ends it cleanly while it is loading."""

from __future__ import annotations

import os
import sys

try:
    import atexit
    import signal
except KeyboardInterrupt:  # what `_end` does, before there is anything to call it
    os.write(2, b"interrupted: nothing was written\n")
    os._exit(3)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 3  #: exit code, as of a run that was interrupted


def _end(number: int, frame: FrameType | None) -> None:
    """Leave at once: nothing is open yet, and an exception in the midst of an import may go anywhere."""
    os.write(2, b"interrupted: nothing was written\n")
    os._exit(INTERRUPTED)


def _leave(codes: list[int]) -> None:
    """End with the code that was told: `python -m` ends as if killed if Ctrl-C once came within an `exec` of a text,
    as libraries have them while they load."""
    if codes:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(codes[0])


def main() -> None:
    """Load the command and run it."""
    codes: list[int] = []
    atexit.register(_leave, codes)  # the first that is registered is the last that is done
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as of what a shell starts in the background
    if not ignored:
        signal.signal(signal.SIGINT, _end)
    from sim.cli import main as command

    if not ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            codes.append(INTERRUPTED)
        raise


if __name__ == "__main__":
    main()
