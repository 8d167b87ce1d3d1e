"""What is told to have no effect has none."""

import numpy as np
import pytest

from sim.models.radio import RADIO, Air, resources
from sim.scenario import idle


@pytest.mark.parametrize("name", RADIO.names())
def test_each_rung_reads_what_is_said_of_it(name: str) -> None:
    """What `check` says has no effect has none on the shares, the channel, the delays or the simulated sidelink."""
    rung, away = RADIO[name], np.array([20.0, 120.0, 250.0])
    other = {"loss": 0.3, "power": 10.0, "sub_channels": 2, "data_rate": 12e6, "high": 0.05}

    def told(air: Air) -> str:
        shares = rung.fates(air, away, 0.1, True).round(12).tolist()
        sidelink = (resources.noise(air), resources.sensitivity(air)) if rung.way == "resources" else ()
        return repr((shares, rung.busy(air, 0.1), rung.delay(air), sidelink))

    read = {key for key, amount in other.items() if told(Air(**{key: amount})) != told(Air())}
    read |= {"rate_control"} if rung.busy(Air(), 0.1) > 0.0 else set()
    read |= {"cells"} if rung.cells else set()
    assert read == {"high" if x == "most_delay" else x for x in idle.READ[name] - {"delay"}}
