"""A browser for tests: Chromium without a window, through its own protocol; skips with a reason where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Watched:
    """An open page and everything it complained about or asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda x: self.complaints.append(x.text) if x.type in ("error", "warning") else None)
        page.on("pageerror", lambda x: self.complaints.append(str(x)))
        page.on("request", lambda x: self.asked.append(x.url))

    def open(self, path: Path, address: str = "") -> Watched:
        self.page.goto(path.resolve().as_uri() + address)
        return self

    @property
    def elsewhere(self) -> list[str]:
        """What it asked for that is not on this disk."""
        return [x for x in self.asked if not x.startswith(("file:", "data:", "blob:"))]


@contextmanager
def browsing(width: int = 1280, height: int = 800) -> Iterator[Watched]:
    """A page to open files in."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    with playwright.sync_playwright() as p:
        if program is None and not Path(p.chromium.executable_path).exists():
            pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = p.chromium.launch(executable_path=program, args=arguments)
        try:
            yield Watched(browser.new_page(viewport={"width": width, "height": height}, locale="en-GB"))
        finally:
            browser.close()
