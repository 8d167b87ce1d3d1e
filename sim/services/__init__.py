"""People and machines that act on traffic, one a file: generators that wait for records or the clock and command.

A service is `serve(simulation)`: a generator of SimPy events. It ends at once if the pilot gives it nothing to do.
"""

from __future__ import annotations

import sys

from sim.engine.simulation import Service
from sim.registry import Registry

SERVICES: Registry[Service] = Registry("service")
register = SERVICES.register
SERVICES.discover(sys.modules[__name__])


def services() -> list[Service]:
    """All services, in name order."""
    return [SERVICES[name] for name in SERVICES.names()]
