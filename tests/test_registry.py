"""Things under names, found by dropping a file into a package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.errors import UnknownName
from sim.models.car_following import CAR_FOLLOWING
from sim.registry import Registry


@pytest.fixture
def animals() -> Registry[str]:
    registry: Registry[str] = Registry("animal")
    registry.named("goose")("Goose")
    registry.named("cat")("Cat")
    return registry


def test_thing_is_found_by_its_name(animals: Registry[str]) -> None:
    assert animals["cat"] == "Cat"
    assert animals.names() == ["cat", "goose"]
    assert [animals.code(x) for x in animals.names()] == [0, 1]
    assert "cat" in animals
    assert "dog" not in animals


def test_unknown_name_tells_the_nearest_one(animals: Registry[str]) -> None:
    with pytest.raises(UnknownName, match=r"no animal named gose; did you mean goose.*known: cat, goose"):
        animals["gose"]


def test_a_name_in_other_letters_is_near(animals: Registry[str]) -> None:
    with pytest.raises(UnknownName, match="no animal named CAT; did you mean cat"):
        animals["CAT"]


def test_name_is_given_once(animals: Registry[str]) -> None:
    with pytest.raises(ValueError, match="animal cat is registered twice"):
        animals.named("cat")("Cat II")


def test_file_dropped_into_a_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import sys\nfrom sim.registry import Registry\nZOO = Registry('animal')\nZOO.discover(sys.modules[__name__])\n"
    )
    (package / "emu.py").write_text("from zoo import ZOO\n@ZOO.register\ndef run(): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    import zoo  # type: ignore[import-not-found]

    assert zoo.ZOO.names() == ["emu"]
    monkeypatch.delitem(sys.modules, "zoo")


def test_models_are_named_after_their_files() -> None:
    folder = Path(__file__).parents[1] / "sim" / "models" / "car_following"
    assert CAR_FOLLOWING.names() == sorted(x.stem for x in folder.glob("[!_]*.py"))
