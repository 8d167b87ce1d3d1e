"""Reading XML that others wrote: streaming, safe against entity tricks, with file and line in every fault."""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from sim.errors import Fault, SimError

CHUNK = 1 << 16  #: bytes read at a time
DEEPEST = 50  #: nesting beyond this is no file of ours


class Node:
    """One element with its attributes, its line in the file and the elements inside it."""

    __slots__ = ("attributes", "children", "line", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """An element without children yet."""
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.children: list[Node] = []

    def text(self, name: str, default: str = "") -> str:
        """An attribute without the blanks around it."""
        return self.attributes.get(name, default).strip()

    def has(self, name: str) -> bool:
        """Whether the attribute is there."""
        return name in self.attributes

    def words(self, name: str) -> list[str]:
        """An attribute's words, parted by blanks or commas."""
        return self.attributes.get(name, "").replace(",", " ").split()


class _Builder(ContentHandler):
    """Hangs elements together; each finished child of the root goes to `done`, or a root in `alone` with all in it."""

    def __init__(self, parser: DefusedExpatParser, alone: frozenset[str]) -> None:
        super().__init__()
        self.root: Node | None = None
        self._alone = alone
        self.done: list[Node] = []
        self._open: list[Node] = []
        self._parser = parser

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - a name of xml.sax
        node = Node(name, attrs._attrs, self._parser.getLineNumber())
        if self.root is None:
            self.root = node
        elif len(self._open) > DEEPEST:
            raise SAXParseException(f"elements lie more than {DEEPEST} deep", None, self._parser)
        elif len(self._open) > 1 or self.root.tag in self._alone:
            self._open[-1].children.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802 - a name of xml.sax
        node = self._open.pop()
        if self.root is not None and len(self._open) == (self.root.tag not in self._alone):
            self.done.append(node)


class Document:
    """An XML file while it is read: gives its elements, collects its faults, counts what is left aside.

    Args:
        path: the file; read through gzip if it ends in `.gz`.
        error: what to raise for faults.
    """

    def __init__(self, path: Path, error: type[SimError]) -> None:
        """Open nothing yet; `elements` does."""
        self.path = path
        self.error = error
        self.faults: list[Fault] = []
        self._lines: dict[Fault, int] = {}
        self.left_aside: Counter[str] = Counter()
        self.root: Node | None = None  #: known from the first element on

    def elements(self, *roots: str, alone: frozenset[str] = frozenset()) -> Iterator[Node]:
        """The children of the root one after another, each with all that lies inside it.

        Args:
            roots: names the root may have; none: any.
            alone: roots that are elements themselves, not the frame around them: then the root is what is given.

        Raises:
            SimError: of kind `error`, if the file is missing, broken off, not XML, or not of this kind.
        """
        parser = DefusedExpatParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
        builder = _Builder(parser, alone)
        parser.setContentHandler(builder)
        try:
            with self._opened() as file:
                while chunk := file.read(CHUNK):
                    parser.feed(chunk)
                    self.root = builder.root
                    self._check_root(builder.root, roots)
                    yield from builder.done
                    builder.done.clear()
                parser.close()
        except (SAXException, DefusedXmlException, OSError, EOFError, zlib.error, LookupError) as error:
            raise self._unreadable(error, parser) from None
        if builder.root is None:
            raise self.error(faults=[Fault(f"{self.path}:1", "the file breaks off in the middle: it is empty")])
        yield from builder.done

    def _opened(self) -> IO[bytes]:
        if self.path.is_dir():
            raise IsADirectoryError(21, "is a folder")
        return gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb")  # type: ignore[return-value]

    def _check_root(self, root: Node | None, roots: tuple[str, ...]) -> None:
        if root is not None and roots and root.tag not in roots:
            wanted = "wanted " + " or ".join(f"<{name}>" for name in roots)
            raise self.error(faults=[Fault(self.where(root), f"the file's root is <{root.tag}>", wanted)])

    def _unreadable(self, error: Exception, parser: DefusedExpatParser) -> SimError:
        if isinstance(error, FileNotFoundError):
            fault = Fault(str(self.path), "there is no such file", "check the name, and the folder it is relative to")
        elif isinstance(error, DefusedXmlException):
            where = f"{self.path}:{parser.getLineNumber()}"
            fault = Fault(where, "the file declares XML entities, which are not read", "write the text out instead")
        elif isinstance(error, SAXParseException):
            where = f"{self.path}:{error.getLineNumber()}"
            said = error.getMessage()
            if said in ("no element found", "unclosed token"):
                fault = Fault(where, "the file breaks off in the middle", "copy or write it anew, it is truncated")
            else:
                fault = Fault(where, f"this is not well-formed XML ({said})", "correct it there")
        else:
            fault = Fault(str(self.path), f"the file cannot be read ({error})", "check that it is whole and readable")
        return self.error(faults=[fault])

    def where(self, node: Node) -> str:
        """`file:line` of an element."""
        return f"{self.path}:{node.line}"

    def fault(self, node: Node, what: str, wanted: str = "") -> None:
        """Remember, once, something that is wrong at an element, named by its id if it has one."""
        name = node.attributes.get("id")
        subject = f"{node.tag} {name}" if name else node.tag
        found = Fault(f"{self.where(node)}: {subject}", what, wanted)
        if found not in self._lines:
            self._lines[found] = node.line
            self.faults.append(found)

    def in_order(self) -> list[Fault]:
        """All faults from the first line of the file to the last."""
        return sorted(self.faults, key=lambda fault: self._lines.get(fault, 0))

    def close(self) -> None:
        """Raise all faults found, if any."""
        if self.faults:
            raise self.error(faults=self.faults)

    def number(self, node: Node, name: str, default: float | None = None, low: float = -math.inf) -> float:
        """An attribute as a finite number not below `low`; a fault (and `low` or 0) if it is none."""
        text = node.attributes.get(name)
        if text is None:
            if default is None:
                self.fault(node, f"{name} is missing", "wanted a number")
                return max(low, 0.0)
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value) and value >= low:
            return value
        least = f" of at least {low:g}" if low > -math.inf else ""
        self.fault(node, f'{name} is "{text}"', f"wanted a number{least}")
        return max(low, 0.0)

    def whole(self, node: Node, name: str, default: int | None = None, low: int = 0) -> int:
        """An attribute as a whole number not below `low`."""
        value = self.number(node, name, default, low)
        if value != int(value):
            self.fault(node, f'{name} is "{node.text(name)}"', "wanted a whole number")
        return int(value)

    def flag(self, node: Node, name: str, default: bool) -> bool:
        """An attribute as yes or no."""
        text = node.text(name).lower()
        if not text:
            return default
        if text in ("1", "true", "yes", "on", "x", "t"):
            return True
        if text not in ("0", "false", "no", "off", "-", "f"):
            self.fault(node, f'{name} is "{text}"', "wanted true or false")
        return False

    def spare(self, node: Node, known: frozenset[str]) -> None:
        """Count the attributes of an element that nobody reads."""
        if not node.attributes.keys() <= known:
            for name in node.attributes.keys() - known:
                self.left_aside[f"attribute {name} of <{node.tag}> (not read)"] += 1

    def warnings(self) -> tuple[str, ...]:
        """What was left aside, a line each, with counts."""
        return tuple(f"{self.path.name}: {count} x {what}" for what, count in sorted(self.left_aside.items()))


def digest(path: Path) -> str:
    """SHA-256 of a file, for the manifest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
