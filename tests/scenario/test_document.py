"""YAML as written, with lines and every fault of the writing."""

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import document


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        document.of_text(text, "s.yaml")
    return [str(x) for x in caught.value.faults]


def test_yaml_1_2_keeps_texts_and_lines() -> None:
    said = document.of_text("a:\n  at: 07:40\n  say: NO\n  list:\n    - x\n    - {y: 1}\n", "s.yaml")
    assert said.data == {"a": {"at": "07:40", "say": "NO", "list": ["x", {"y": 1}]}}
    assert said.where(("a", "list", 1, "y")) == "s.yaml:6: a.list.1.y"
    assert said.where(("a", "nothing", "here")) == "s.yaml:1: a.nothing.here"


def test_aliases_are_followed() -> None:
    said = document.of_text("a: &x {b: 1}\nc: *x\n", "s.yaml")
    assert said.data == {"a": {"b": 1}, "c": {"b": 1}}


def test_every_fault_of_the_writing_is_told_at_once() -> None:
    told = faults("a: 1\na: 2\nb: !!python/object:os.system x\nc: 2026-13-45\n? [x]\n: 1\n")
    assert told[0] == "s.yaml:2: a: stands twice; first in s.yaml:1"
    assert told[1].startswith("s.yaml:3: b: cannot be read")
    assert told[2].startswith("s.yaml:4: c: cannot be read")
    assert told[3].startswith("s.yaml:5: a key must be one word")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s.yaml: is empty"),
        ("# nothing\n", "s.yaml: is empty"),
        ("- a\n- b\n", "s.yaml: is not a mapping"),
        ("just text\n", "s.yaml: is not a mapping"),
        ("a:\n\tb: 1\n", "s.yaml:2: a tab indents this line; wanted spaces"),
        ("a: [1, 2\n", "is not YAML"),
        ("a: *nobody\n", "s.yaml:1: is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "another document"),
        ("[" * 3000, "nested deeper"),
        ("a: &a [*a]\n", "nested deeper"),
        ("a: " + "{b: " * 30 + "1" + "}" * 30, "nested deeper"),
        ("a: " + "9" * 5000, "a: cannot be read"),
        ("a: \x00", "s.yaml"),
    ],
)
def test_unusable_text(text: str, said: str) -> None:
    assert said in faults(text)[0]


def test_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert "unfolds to more than 100000 entries; use fewer aliases" in faults("\n".join(lines))[0]


def test_unusable_files(tmp_path: Path) -> None:
    def told(path: Path) -> str:
        with pytest.raises(ScenarioError) as caught:
            document.read(path)
        return str(caught.value)

    (tmp_path / "park.yaml").write_text("a: 1\n")
    assert "there is no such file; did you mean park.yaml?" in told(tmp_path / "pork.yaml")
    assert "there is no such file" in told(tmp_path / "no folder" / "pork.yaml")
    assert "is a folder; wanted a scenario file such as park.yaml" in told(tmp_path)
    (tmp_path / "image.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert "is not a text in UTF-8" in told(tmp_path / "image.yaml")
    (tmp_path / "zero.yaml").write_bytes(b"a: \0\0")
    assert "binary" in told(tmp_path / "zero.yaml")
    (tmp_path / "large.yaml").write_text("a: " + "x" * document.MOST_BYTES)
    assert "larger than 1 MB" in told(tmp_path / "large.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "not an ordinary file" in told(tmp_path / "pipe.yaml")


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert document.read(tmp_path / "s.yaml").data == {"a": 1}


def test_overrides_set_entries_and_are_named_as_their_origin() -> None:
    said = document.of_text("run: {step: 100 ms}\nlist: [{a: 1}, {a: 2}]\n", "s.yaml")
    new = said.overridden({"run.step": "50 ms", "list.1.a": "[x, 3]", "expect.v2x.p95": "< 100", "rules.keep": "true"})
    assert new.data["run"] == {"step": "50 ms"}
    assert new.data["list"] == [{"a": 1}, {"a": ["x", 3]}]
    assert new.data["expect"] == {"v2x.p95": "< 100"}
    assert new.data["rules"] == {"keep": True}
    assert new.where(("list", 1, "a", 0)) == "--set list.1.a=[x, 3]: list.1.a.0"
    assert said.data["run"] == {"step": "100 ms"}


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("list.2.a", "1", "list is a list of 2; wanted a number from 0 to 1"),
        ("list.x", "1", "list is a list of 2"),
        ("run.step.more", "1", "run.step is a single value and has no more"),
        ("run..step", "1", "wanted a dotted path"),
        ("run.step", "[1", "is not YAML"),
    ],
)
def test_impossible_overrides(path: str, value: str, told: str) -> None:
    said = document.of_text("run: {step: 100 ms}\nlist: [{a: 1}, {a: 2}]\n", "s.yaml")
    with pytest.raises(ScenarioError) as caught:
        said.overridden({path: value})
    assert f"--set {path}={value}" in str(caught.value)
    assert told in str(caught.value)
