"""Pages: one self-contained file each, from templates, scripts and styles that lie in `assets/`.

Nothing is fetched and nothing runs but what the page itself holds: its content-security policy allows its own script
and style by their hashes alone. Whatever comes from a scenario is escaped by the template.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

_ASSETS = files(__package__) / "assets"


def asset(name: str) -> str:
    """Text of a file in `assets/`."""
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every text of the pages by key, then language: en, zh."""
    told: dict[str, dict[str, str]] = json.loads(asset("texts.json"))
    return told


def both(key: str, *values: Any) -> Markup:
    """A text in both languages, of which the page shows one; `{0}` … stand for values, which are escaped."""
    said = texts()[key]
    shown = [escape(said[language]).format(*(escape(x) for x in values)) for language in ("en", "zh")]
    return Markup('<span class="en" lang="en">{}</span><span class="zh" lang="zh-CN">{}</span>').format(*shown)


def called(kind: str, name: str) -> Markup:
    """What a figure of the summary is called, in both languages; its own name where there is no word for it."""
    key = f"{kind}.{name}"
    return both(key) if key in texts() else escape(name.replace("_", " "))


@cache
def chinese() -> dict[str, str]:
    """What cards are and applications do, in Chinese, by how the program says it."""
    told: dict[str, str] = json.loads(asset("chinese.json"))
    return told


def worded(english: str) -> Markup:
    """What the program says of a card or an application, in both languages where there are words for it."""
    if english not in chinese():
        return escape(english)
    return Markup('<span class="en" lang="en">{}</span><span class="zh" lang="zh-CN">{}</span>').format(
        english, chinese()[english]
    )


def data(value: Any) -> Markup:
    """A value as JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def page(template: str, styles: tuple[str, ...], scripts: tuple[str, ...], told: dict[str, Any]) -> str:
    """A page as text; the same arguments give the same bytes.

    Args:
        template: name of a template in `assets/`.
        styles: names of style sheets there, in order.
        scripts: names of scripts there, in order; they share one scope.
        told: what the template is about.
    """
    style = "\n".join(asset(x) for x in styles)
    script = "\n".join(asset(x) for x in scripts)
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    loader = jinja2.FunctionLoader(asset)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.globals |= {"t": both, "called": called, "worded": worded}
    inside = {"policy": policy, "style": style, "script": script, "texts": data(texts())}
    return environment.get_template(template).render(inside | told)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
