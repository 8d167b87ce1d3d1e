"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _settings(texts: tuple[str, ...], name: str, example: str) -> dict[str, str]:
    """`path=value` texts as a dict; `name` is what stands for `path`."""
    told = {}
    for text in texts:
        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise click.BadParameter(f"{text} is not {name}=value, such as {example}")
        told[path.strip()] = value.strip()
    return told


def settings_option(what: str, path: str, example: str) -> Callable[[F], F]:
    """Option `--set`: `what` it sets, what the `path` is called, an `example`."""

    def read(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
        return _settings(texts, path.lower(), example)

    told = f"Set {what}: {example}."
    return click.option("--set", "settings", multiple=True, metavar=f"{path}=VALUE", callback=read, help=told)
