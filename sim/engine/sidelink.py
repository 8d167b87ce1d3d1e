"""Tables of the sidelink, where every sub-channel is simulated: strengths, shadowing, error rates, what is sensed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernel.choose import PLANES
from sim.kernel.receive import FINE, LEAST, ROWS
from sim.models.radio import RADIO, Air
from sim.models.radio import resources as rung
from sim.pilot import Radio
from sim.state.air import SECOND, SHADOWS


def lay_sidelink(radio: Radio, air: Air, row: Any, stations: int) -> dict[str, np.ndarray]:
    """Lists of `Radio` that only the rung of all resources needs, short on the others; completes the row of `Air`."""
    if RADIO[radio.model].way != "resources":
        short = ("gains", "shadows", "errors", "levels", "sensed", "power", "closed", "strength", "own")
        return {name: np.zeros(1, DTYPES.get(name, "f8")) for name in short} | {"slot": np.zeros(row.room, np.int32)}
    row.reach = rung.reach(air)
    row.reaches = int(row.reach / row.step_of_class) + 1
    row.noise, row.sensitivity = rung.noise(air), rung.sensitivity(air)
    seen = [True, False]
    wide = max(SECOND, int(row.frames)) * radio.sub_channels
    return {
        "gains": np.concatenate([rung.gains(air, float(row.step_of_class), int(row.reaches), x) for x in seen]),
        "shadows": np.concatenate([rung.shadows(SHADOWS, x) for x in seen]),
        "errors": rung.error_rates(air, LEAST, FINE, ROWS).astype(np.float32),
        "levels": rung.levels(),
        "sensed": np.zeros(
            stations * PLANES * SECOND * radio.sub_channels, np.uint8
        ),  # takes memory only once it is used
        "power": np.zeros(wide, np.int64),
        "closed": np.zeros(wide, np.uint8),
        "slot": np.zeros(row.room, np.int32),
        "strength": np.zeros(row.room + 1, np.int64),
        "own": np.zeros(max(1, int(row.frames)), np.uint8),
    }


DTYPES = {"errors": "f4", "levels": "i8", "sensed": "u1", "power": "i8", "closed": "u1", "strength": "i8", "own": "u1"}
