"""Trip tables in CSV files."""

import re
from pathlib import Path

import pytest

from sim.errors import DemandError
from sim.traffic import trip_file


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "trips.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "from,to,trips\nwest,plant,30\nwest,east,12.5\n",
        "From; To; Trips\r\nwest; plant; 30\r\n\r\nwest; east; 12.5\r\n",
        "\ufefffrom\tto\ttrips\nwest\tplant\t30\nwest\teast\t12.5",
        "origin,plant,east\nwest,30,12.5\n",
        ",plant,east\nwest,30,12.5\n",
    ],
    ids=["pairs", "semicolons", "tabs", "matrix", "matrix without corner"],
)
def test_pairs_and_matrices_say_the_same(tmp_path: Path, text: str):
    assert trip_file.read(written(tmp_path, text)) == (("west", "plant", 30.0), ("west", "east", 12.5))


def test_empty_cells_of_a_matrix_are_no_trips(tmp_path: Path):
    found = trip_file.read(written(tmp_path, ",a,b\na,,5\nb,7,\n"))
    assert [trips for _, _, trips in found] == [0.0, 5.0, 7.0, 0.0]


def test_every_bad_cell_is_told_with_its_line(tmp_path: Path):
    path = written(tmp_path, "from,to,trips\nwest,plant,many\nwest,east\nwest,east,-3\nwest,east,nan\nwest,east,1\n")
    with pytest.raises(DemandError) as caught:
        trip_file.read(path)
    told = [str(fault) for fault in caught.value.faults]
    assert [re.search(r"csv:(\d+): ", line).group(1) for line in told] == ["2", "3", "4", "5"]
    assert "many is not a number of trips; wanted 0 or more" in told[0]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("from,to,trips\n", "holds no trips"),
        ("alone\nwest\n", "names no destinations"),
        (b"\xff\xfe\x00\x01", "is not a CSV file"),
        ('from,to,trips\n"west,east,3\n', "is not a CSV file"),
        (",a,b\nwest,1\n", "has 2 cells; wanted an origin and 2"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str | bytes, what: str):
    with pytest.raises(DemandError, match=what):
        trip_file.read(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(DemandError, match=r"absent\.csv: No such file"):
        trip_file.read(tmp_path / "absent.csv")
    with pytest.raises(DemandError, match="directory"):
        trip_file.read(tmp_path)
