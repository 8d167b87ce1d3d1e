"""Sensor sharing: vehicles tell others whom they sense, so that one who is hidden from a driver is known to him.

Acts in the compiled loop. An equipped vehicle with sensors says SSM: whom it sees within range, not behind a building
or a nearer vehicle, with the errors of its sensors and of its own position. Who hears it takes them for where they were
told to be, gone on at the speed told: he does not enter a junction before one whom a building hides, lets people on
foot cross, and turns left (`left_turn_assist`) as if these had spoken themselves. Objects of the roadside's sensors
(RSM) are used alike, those that are nobody among them. People act after their time to react.

Source: T/CSAE 157-2020, sensor data sharing, from memory; as ETSI TS 103 324, collective perception.
"""

from __future__ import annotations

from sim.apps import APPS, App, Needs, Setting, compliance

_SENSORS = "cameras and radars of assisted cars; no single source"

APPS.named("sensor_sharing")(
    App(
        title="tells others whom it senses, and knows whom they sense (SDS)",
        needs=Needs("ssm", 10.0, 0.1, 200.0, "T/CSAE 157-2020, from memory"),
        settings={
            "range": Setting(80.0, "length", 5.0, 300.0, "of the sensors of a vehicle", _SENSORS, "assumed"),
            "detection": Setting(0.95, "share", 0.0, 1.0, "chance to detect who is in view", _SENSORS, "assumed"),
            "error": Setting(0.5, "length", 0.0, 20.0, "of where others are, one sigma", _SENSORS, "assumed"),
            "delay": Setting(0.1, "time", 0.0, 2.0, "from measuring to saying", _SENSORS, "assumed"),
            "people": Setting(
                1.0, "share", 0.0, 1.0, "share of equipped people's vehicles with sensors", "none", "assumed"
            ),
            "lifetime": Setting(0.5, "time", 0.05, 3.0, "age up to which a message is believed", "none", "assumed"),
            "compliance": compliance(0.9),
        },
    )
)
