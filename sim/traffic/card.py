"""A card: a class of road user with its size, dynamics, models and parameters, each with its source."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.provenance import Standing, Value


@dataclass(frozen=True, slots=True)
class SpeedFactor:
    """Distribution of desired speed over speed limit [-]: normal, cut to [low, high]; where it comes from."""

    mean: float = 1.0
    deviation: float = 0.0
    low: float = 0.2
    high: float = 2.0
    source: str = ""
    standing: Standing = "assumed"


@dataclass(frozen=True, slots=True)
class Card:
    """A class of road user.

    Args:
        vehicle_class: one of `sim.park.classes.CLASSES`: which lanes it may use.
        car_following: name of a model in `sim/models/car_following/`.
        parameters: by name, in SI. For every card: length, width, minimum_gap, maximum_speed, maximum_acceleration,
            comfortable_deceleration, emergency_deceleration; then the car-following model's own (see
            `sim.models.car_following.parameters(name)`): krauss: reaction_time, imperfection; idm: time_gap ...;
            junction behaviour: minor_time_gap [s] (safety margin kept to foes with priority), impatience [-],
            time_to_impatience [s]; lane changing: strategic, cooperative, speed_gain, keep_right [-] (weights, SUMO's
            lcStrategic, lcCooperative, lcSpeedGain, lcKeepRight; 1 by default, strategic < 0: never).
            For who chooses gaps by their length: critical_gap_*, follow_up_* [s] of `sim.park.network.MOVEMENTS`.
        automated: driven by a system (counts into `av` figures).
        spreads: by parameter, standard deviation of its logarithm among drivers [-], the amount being their median;
            `gaps` stands for critical gaps and follow-up times, which go together.
    """

    name: str
    vehicle_class: str
    car_following: str
    parameters: dict[str, Value]
    speed_factor: SpeedFactor = field(default_factory=SpeedFactor)
    automated: bool = False
    spreads: dict[str, Value] = field(default_factory=dict)
    colour: str = ""
    description: str = ""

    def __getitem__(self, parameter: str) -> float:
        return self.parameters[parameter].amount
