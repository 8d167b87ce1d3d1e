"""One declaration of a column gives its allocation, check and description."""

from __future__ import annotations

from typing import Annotated, get_args, get_type_hints

import numpy as np
import pytest

from sim.errors import StateError
from sim.state.air import Radio
from sim.state.columns import Column, allocate, check, columns, describe, grown, layout
from sim.state.world import LOOSE, Loose, World, layout_of_world

TABLES = [get_args(h)[1] for h in get_type_hints(World, include_extras=True).values() if len(get_args(h)) > 1]


class Points:
    """A table for tests."""

    place: Annotated[np.ndarray, Column("m", "where")]
    row: Annotated[np.ndarray, Column("-", "of what", "i4", -1)]
    open: Annotated[np.ndarray, Column("-", "whether", "?")]


def test_unused_rows_hold_what_was_declared() -> None:
    rows = allocate(Points, 3)
    assert rows.place.tolist() == [0.0, 0.0, 0.0]
    assert rows["row"].tolist() == [-1, -1, -1]
    assert rows["open"].dtype == np.bool_
    assert list(columns(Points)) == ["place", "row", "open"]


def test_grown_table_keeps_its_rows_and_adds_unused_ones() -> None:
    rows = allocate(Points, 1)
    rows[0].place, rows[0].row = 2.5, 7
    more = grown(Points, rows, 3)
    assert more.place.tolist() == [2.5, 0.0, 0.0]
    assert more["row"].tolist() == [7, -1, -1]


def test_rows_of_another_layout_are_refused() -> None:
    check(Points, allocate(Points, 2))
    with pytest.raises(StateError, match="Points"):
        check(Points, np.zeros(2, [("place", "f4"), ("row", "i4"), ("open", "?")]))
    with pytest.raises(StateError, match="Points"):
        check(Points, np.zeros((2, 2), layout(Points)))


def test_description_has_a_line_a_column() -> None:
    assert describe(Points).splitlines()[0].split() == ["place", "f8", "[m]", "where"]
    assert len(describe(Points).splitlines()) == 3


@pytest.mark.parametrize("table", TABLES, ids=lambda x: x.__name__)
def test_tables_of_the_world_are_declared_whole(table: type) -> None:
    made = columns(table)
    assert made
    assert all(isinstance(x, Column) and x.unit for x in made.values())
    check(table, allocate(table, 2))


def test_world_layout_names_every_array() -> None:
    tables = [name for name in World._fields if name not in ("loose", "radio")]
    assert list(layout_of_world()) == [*tables, *Loose._fields, *Radio._fields]
    assert list(LOOSE) == list(Loose._fields)
