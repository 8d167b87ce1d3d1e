"""What roadside units order: who goes when over a junction, as last told, and whom they take into account now."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray

#: Vehicles that a message can order.
MOST_ORDERS = 16
#: Vehicles that a unit takes into account at once, those first that come first.
MOST_COMING = 64


class Arrangers:
    """A row a roadside unit that orders who goes when over its junction."""

    junction: A[Array, C("-", "row of `Junctions`", "i4", -1)]
    station: A[Array, C("-", "row of `Stations`", "i4", -1)]
    stream: A[Array, C("-", "row of `Streams` by which it orders", "i4", -1)]
    first: A[Array, C("-", "first place in `Radio.leading`: lanes from which one comes", "i4")]
    end: A[Array, C("-", "after the last one", "i4")]
    empty: A[Array, C("bit", "size of its message without orders", "i4")]
    element: A[Array, C("bit", "size of an order", "i4")]
    header: A[Array, C("byte", "security header", "i4")]
    orders: A[Array, C("-", "in its next message", "i4")]
    left_out: A[Array, C("-", "vehicles that there was no room for, over all messages", "i8")]


class Orders:
    """`REMEMBERED * MOST_ORDERS` rows a unit: what its last messages order."""

    station: A[Array, C("-", "whom, row of `Stations`", "i4", -1)]
    link: A[Array, C("-", "at the line of which link", "i4", -1)]
    begin: A[Array, C("s", "not before, after the message was said", "f4")]


class Coming:
    """Scratch: vehicles that a unit has heard to come to its junction, by when they would be at their lines."""

    station: A[Array, C("-", "row of `Stations`", "i4", -1)]
    link: A[Array, C("-", "to its line it comes", "i4", -1)]
    asks: A[Array, C("-", "it must give way there", "?")]
    arrive: A[Array, C("s", "from now until at its line, as it says")]
    through: A[Array, C("s", "from there until its rear is off the junction")]
    speed: A[Array, C("m/s", "now")]
    line_speed: A[Array, C("m/s", "at its line")]
    time: A[Array, C("s", "from now, before which it is not to be at its line")]
