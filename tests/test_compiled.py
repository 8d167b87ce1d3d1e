"""Doors into compiled code, kept from process to process, and parts that are called from Python beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.kernel import advance

ROOT = Path(__file__).parents[1]
CODE = """
import sys
from sim.compiled import cached, inline, ready
from sim.models.car_following import CAR_FOLLOWING, acceleration

OWN = (1.0, 2.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0)

@inline
def drive(code, v, gap):
    return acceleration(code, (v, gap, 1.0, 15.0, 1.5, 2.0, 2.0, 2.0, 0.1, False, 0.0, False, 1e9, 0.0), OWN)

@cached
def whole(code: int, v: float) -> int:
    \"""Sum of accelerations in 1e-9 m/s2.\"""
    four = drive(code, v, 20.0) + drive(code, v, 30.0) + drive(code, v + 1.0, 40.0) + drive(code, v + 2.0, 50.0)
    return int(four * 1e9)

print(ready(whole))
found = [whole(code, 9.0) for code in range(len(CAR_FOLLOWING.names()))]
print("numba" in sys.modules)
for code, one in enumerate(found):
    parts = [drive(code, v, gap) for v, gap in ((9.0, 20.0), (9.0, 30.0), (10.0, 40.0), (11.0, 50.0))]
    assert one == int((parts[0] + parts[1] + parts[2] + parts[3]) * 1e9), (code, one, parts)
print(*found)
"""


def told(script: Path, cache: Path) -> list[str]:
    """Lines a script prints."""
    done = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PILOTZONE_CACHE": str(cache)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


@pytest.mark.skipif(os.environ.get("PILOTZONE_PLAIN") == "1", reason="nothing is compiled")
def test_a_whole_is_kept_and_its_parts_run_beside_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(CODE)
    fresh, again = told(script, tmp_path), told(script, tmp_path)
    assert fresh[:2] == ["False", "True"]
    assert again[:2] == ["True", "False"]  # the compiler is not even there; later it compiles parts all the same
    assert fresh[2] == again[2]
    assert len(fresh[2].split()) > 5
    for file in (tmp_path / "pilotzone" / "code").iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert told(script, tmp_path) == fresh
    script.write_text(CODE.replace("1e9)", "1e6)"))
    assert told(script, tmp_path)[0] == "False"


@pytest.mark.skipif(os.environ.get("PILOTZONE_PLAIN") == "1", reason="nothing is compiled")
@pytest.mark.parametrize("talking", [False, True])
def test_it_is_asked_of_the_door_that_will_be_used(monkeypatch: pytest.MonkeyPatch, talking: bool) -> None:
    monkeypatch.setattr(advance, "run_talking", SimpleNamespace(ready=lambda: not talking))
    monkeypatch.setattr(advance, "run_silent", SimpleNamespace(ready=lambda: talking))
    radio = SimpleNamespace(air=[SimpleNamespace(on=talking)])
    assert not advance.is_compiled(SimpleNamespace(radio=radio))
    assert advance.is_compiled(SimpleNamespace(radio=SimpleNamespace(air=[SimpleNamespace(on=not talking)])))
