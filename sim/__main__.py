"""The process of the command `pilotzone`, which is `python -m sim` too; Ctrl-C ends it cleanly while it is loading."""

from __future__ import annotations

import os
import signal
from types import FrameType

INTERRUPTED = 3  #: exit code, as of a run that was interrupted


def _end(number: int, frame: FrameType | None) -> None:
    """Leave at once: nothing is open yet, and an exception in the midst of an import may go anywhere."""
    os.write(2, b"interrupted: nothing was written\n")
    os._exit(INTERRUPTED)


def main() -> None:
    """Load the command and run it."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as of what a shell starts in the background
    if not ignored:
        signal.signal(signal.SIGINT, _end)
    from sim.cli import main as command

    if not ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command()


if __name__ == "__main__":
    main()
