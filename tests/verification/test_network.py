"""Networks of others: what the cases make of a tiny one, and of real ones where they are here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sim.verify.case import VerificationError
from sim.verify.cases.network import geh
from sim.verify.run import finding

NETS = Path(__file__).parents[3] / "shared" / "nets"
REAL = pytest.mark.skipif(not NETS.is_dir(), reason="the real networks are not here")
LIBRARY = pytest.mark.skipif(importlib.util.find_spec("sumolib") is None, reason="sumolib is not here")


def test_geh() -> None:
    assert geh(np.array([100.0, 1000.0]), np.array([100.0, 900.0])) == pytest.approx([0.0, 3.244], abs=1e-3)


@pytest.mark.parametrize("name", ["network.import", "network.regression", "network.counts"])
def test_left_out_without_a_file(name: str) -> None:
    assert "--set" in finding(name, {}).reason
    setting = "map" if name == "network.import" else "scenario"
    with pytest.raises(VerificationError, match=r"there is no file nowhere\.xml; wanted a \."):
        finding(name, {setting: "nowhere.xml"})


@REAL
@LIBRARY
@pytest.mark.parametrize("name", ["cologne8/cologne8", "bologna-acosta/acosta_buslanes"])
def test_read_as_sumo_reads(name: str) -> None:
    told = finding("network.import", {"map": str(NETS / f"{name}.net.xml")})
    assert told.ok, told.points


@REAL
@pytest.mark.slow
@pytest.mark.parametrize("name", ["cologne8/cologne8", "bologna-acosta/acosta", "wildau/wildau"])
def test_driven_as_sumo_drives(name: str) -> None:
    told = finding("network.regression", {"scenario": str(NETS / f"{name}.sumocfg")})
    assert told.ok, told.points


@REAL
@pytest.mark.slow
def test_counts_on_the_road() -> None:
    folder = NETS / "wildau"
    files = {"scenario": str(folder / "wildau.sumocfg"), "counts": str(folder / "edgedata-file_Wildau.xml")}
    assert finding("network.counts", files).ok
