"""Classes of road users that lanes admit."""

from __future__ import annotations

from collections.abc import Iterable

#: Classes of road users that a lane may admit (SUMO's names); their bit in `Lane.allowed` is their rank here.
CLASSES = (
    "ignoring", "private", "emergency", "authority", "army", "vip", "pedestrian", "passenger", "hov", "taxi", "bus",
    "coach", "delivery", "truck", "trailer", "motorcycle", "moped", "bicycle", "evehicle", "tram", "rail_urban", "rail",
    "rail_electric", "rail_fast", "ship", "scooter", "subway", "cable_car", "wheelchair", "container", "aircraft",
    "drone", "custom1", "custom2",
)  # fmt: skip
EVERY_CLASS = (1 << len(CLASSES)) - 1
#: Classes on rails.
ON_RAILS = ("tram", "rail_urban", "rail", "rail_electric", "rail_fast", "subway", "cable_car")


def class_bits(names: Iterable[str]) -> int:
    """Bit mask of some classes of road users; KeyError names an unknown one."""
    bits = 0
    for name in names:
        if name not in CLASSES:
            raise KeyError(name)
        bits |= 1 << CLASSES.index(name)
    return bits
