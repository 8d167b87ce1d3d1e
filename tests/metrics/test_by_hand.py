"""Hand-made trajectories against hand-computed numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_worlds import grid

from metrics.stage import CAR, TRUCK, Stage
from sim.kernel.encounters import CROSSING, FOLLOWING, LANE_CHANGE, MERGING
from sim.park.network import Conflict, Connection, Crossing, Network


@pytest.fixture(scope="module")
def network() -> Network:
    """One junction of two-lane roads."""
    return grid(1, 1, ["priority"], [2])


def near(value: float, wanted: float) -> bool:
    return bool(value == pytest.approx(wanted, abs=1e-9))


def way(connection: Connection) -> list[int]:
    """Lanes of a connection, from its source to its target."""
    return [connection.source, *connection.via, connection.target]


def meeting(network: Network, kind: Crossing) -> tuple[Connection, Connection, Conflict]:
    """Two straight connections that cross, or a straight one into which a turning one merges; where that is."""
    by_lane = {c.via[0]: c for c in network.connections if len(c.via) == 1}
    for x in network.conflicts:
        one, other = by_lane.get(x.lane), by_lane.get(x.foe)
        turns = "s" if kind == Crossing.CROSS else "r"
        if x.kind == kind and one and other and one.direction == "s" and other.direction == turns:
            return one, other, x
    raise AssertionError("no such conflict")


def length(stage: Stage, lane: int) -> float:
    return float(stage.world.lanes["length"][lane])


def test_one_behind_another(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    lane = [network.connections[0].source]
    body = float(stage.world.vehicles["length"][1])
    stage.drive([(lane, 10.0, 15.0), (lane, 10.0 + 40.0 + body, 10.0)], 60)
    (e,) = stage.met
    assert (e.kind, e.subject, e.other if e.subject == e.one else e.one) == (FOLLOWING, 0, 1)
    assert e.begin == 41  # 40 - 0.5 x 40 = 20 m are 4 s: the next step is below
    assert near(e.ttc, 10.0 / 5.0)
    assert near(e.drac, 25.0 / 20.0)
    assert near(e.mdrac, 5.0 / (2.0 * (2.0 - 1.0)))
    assert near(e.tet, 1.0)  # below 3 s in steps 51 to 60
    assert near(e.tit, sum(0.1 * (3.0 - (40.0 - 0.5 * k) / 5.0) for k in range(51, 61)))
    assert e.pet == math.inf
    assert not e.collided
    assert len(stage.crashes) == 0


def test_a_follower_who_does_not_brake_runs_into_the_leader_once(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    lane = [network.connections[0].source]
    body = float(stage.world.vehicles["length"][1])
    stage.drive([(lane, 10.0, 15.0), (lane, 10.0 + 12.75 + body, 10.0)], 40)
    (crash,) = stage.crashes
    assert (crash["step"], crash["subject"], crash["other"], crash["value"]) == (26, 0, 1, 5.0)
    (e,) = stage.met
    assert e.collided
    assert (e.ttc, e.step, e.speed, e.other_speed) == (0.0, 26, 15.0, 10.0)
    assert stage.world.totals[0].collisions == 1


def test_a_body_that_hangs_back_over_the_line_is_run_into(network: Network) -> None:
    stage = Stage(network, CAR, TRUCK)
    straight, _, _ = meeting(network, Crossing.CROSS)
    path, total = way(straight), length(stage, straight.source)
    stage.drive([(path, total - 30.0, 10.0), (path, total + 4.0, 0.0)], 30)
    rear = float(stage.world.vehicles["length"][1]) - 4.0
    (crash,) = stage.crashes
    assert crash["step"] == math.floor(30.0 - rear) + 1
    assert crash["value"] == 10.0
    (e,) = stage.met
    assert (e.kind, e.subject) == (FOLLOWING, 0)


@pytest.mark.parametrize("pet", [0.03, 0.73, 1.234, 4.87])
def test_crossing_at_right_angles_with_a_known_pet(network: Network, pet: float) -> None:
    stage = Stage(network, CAR, CAR)
    one, other, x = meeting(network, Crossing.CROSS)
    body = float(stage.world.vehicles["length"][0])
    first, second = 10.0, 8.0
    leaves = 3.0  # the first one's rear is out of the area then
    begins = length(stage, one.source) + float(np.float32(x.end)) + body - first * leaves
    comes = length(stage, other.source) + float(np.float32(x.foe_begin)) - second * (leaves + pet)
    stage.drive([(way(one), begins, first), (way(other), comes, second)], 90)
    (e,) = stage.met
    assert (e.kind, e.subject) == (CROSSING, 1)
    assert near(e.pet, pet)
    assert e.step == math.ceil((leaves + pet) / 0.1 - 1e-9)
    assert e.ttc == math.inf  # with such speeds they never were to meet
    assert len(stage.crashes) == 0


def test_crossing_on_a_collision_course(network: Network) -> None:
    """Both keep their speeds: the second's way to the area tells the time; then they are in it at once."""
    stage = Stage(network, CAR, CAR)
    one, other, x = meeting(network, Crossing.CROSS)
    body = float(stage.world.vehicles["length"][0])
    area, foe_area = float(np.float32(x.begin)), float(np.float32(x.foe_begin))
    begins = length(stage, one.source) + area - 10.0 * 2.0  # enters after 2 s
    comes = length(stage, other.source) + foe_area - 8.0 * 2.25  # a quarter of a second later
    entered = math.floor((20.0 - area) / 1.0) + 1  # steps until one of the two is in the junction
    entered = min(entered, math.floor((18.0 - foe_area) / 0.8) + 1)
    stage.drive([(way(one), begins, 10.0), (way(other), comes, 8.0)], entered)
    (e,) = stage.met
    left = 2.25 - 0.1 * entered
    clear = 2.0 - 0.1 * entered + (float(np.float32(x.end)) - area + body) / 10.0
    assert (e.kind, e.subject, e.begin) == (CROSSING, 1, entered)
    assert near(e.ttc, left)
    assert near(e.drac, _yielding(8.0 * left, 8.0, clear))
    stage.drive([(way(one), begins, 10.0), (way(other), comes, 8.0)], 30)
    (crash,) = stage.crashes
    assert crash["step"] == entered + 23
    (e,) = stage.met
    assert e.collided
    assert e.ttc == 0.0


def _yielding(room: float, speed: float, clear: float) -> float:
    """Braking that covers just `room` until `clear`, or stops before: by trying out."""
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        time = min(clear, speed / middle)
        if speed * time - 0.5 * middle * time * time > room:
            low = middle
        else:
            high = middle
    return high


def test_one_who_brakes_so_as_to_stop_at_the_line_is_no_danger(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    one, other, _ = meeting(network, Crossing.CROSS)
    stage.put(0, way(one), length(stage, one.source) + 0.5, 8.0)
    for acceleration, met in ((-2.6, 0), (-2.4, 1)):  # 8^2 / (2 x 12.8) = 2.5 m/s2 stop him at the line
        stage.put(1, way(other), length(stage, other.source) - 12.8, 8.0, acceleration)
        stage.look()
        assert len(stage.met) == met


def test_merging_with_a_known_pet_and_time_to_collision(network: Network) -> None:
    """The second passes the end of both paths so long after the first's rear, and is faster."""
    stage = Stage(network, CAR, CAR)
    one, other, x = meeting(network, Crossing.MERGE)
    body = float(stage.world.vehicles["length"][0])
    end, foe_end = float(np.float32(x.end)), float(np.float32(x.foe_end))
    begins = length(stage, one.source) + end + body - 6.0 * 3.0
    comes = length(stage, other.source) + foe_end - 9.0 * 3.5
    stage.drive([(way(one), begins, 6.0), (way(other), comes, 9.0)], 36)
    (e,) = stage.met
    assert e.subject == 1
    assert near(e.pet, 0.5)
    gap = 9.0 * 3.5 - 6.0 * 3.0  # along their ways to the common end, at first
    assert e.ttc == pytest.approx((gap - 3.0 * 3.6) / 3.0, abs=1e-6)  # areas are in single precision
    assert e.kind == MERGING
    assert e.drac == pytest.approx(9.0 / (2.0 * (gap - 3.0 * 3.6)), abs=1e-6)
    assert len(stage.crashes) == 0


def test_merging_beside_each_other_is_a_collision(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    one, other, x = meeting(network, Crossing.MERGE)
    begins = length(stage, one.source) + x.end - 8.0 * 3.0
    comes = length(stage, other.source) + x.foe_end - 8.0 * 3.0 - 3.0
    stage.drive([(way(one), begins, 8.0), (way(other), comes, 8.0)], 40)
    assert len(stage.crashes) == 1
    (e,) = stage.met
    assert e.collided


def test_a_cut_in(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    edge = network.edges[network.lanes[network.connections[0].source].edge]
    right, left = edge.lanes[:2]
    body = float(stage.world.vehicles["length"][1])
    stage.put(0, [left], 40.0, 14.0)
    stage.put(1, [right], 40.0 + 9.0 + body, 10.0)
    stage.look()
    assert len(stage.met) == 0  # beside each other's lane
    v = stage.world.vehicles[1]
    v.lane, v.shadow, v.shadow_end, v.change_step = left, right, stage.world.totals[0].step + 30, 1
    stage.look()
    (e,) = stage.met
    assert (e.kind, e.subject) == (LANE_CHANGE, 0)
    assert near(e.ttc, 9.0 / 4.0)
    assert near(e.drac, 16.0 / 18.0)


def test_a_shadow_counts_for_half_of_the_change(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    edge = network.edges[network.lanes[network.connections[0].source].edge]
    right, left = edge.lanes[:2]
    body = float(stage.world.vehicles["length"][1])
    stage.put(0, [right], 40.0, 14.0)
    stage.put(1, [left], 40.0 + 9.0 + body, 10.0)
    v = stage.world.vehicles[1]
    steps = int(stage.world.totals[0].change_steps)
    assert steps == 30
    v.shadow, v.shadow_end, v.change_step = right, steps, 0
    seen = []
    for _ in range(steps):
        stage.look()
        seen.append(int(stage.met[0].last))
    assert max(seen) == steps // 2 - 1


def test_an_encounter_ends_when_it_has_been_quiet_and_the_next_one_is_another(network: Network) -> None:
    stage = Stage(network, CAR, CAR)
    lane = [network.connections[0].source]
    body = float(stage.world.vehicles["length"][1])
    for begin, steps in ((30.0, 20), (100.0, 80), (30.0, 20)):
        for _ in range(steps):
            stage.put(0, lane, 10.0, 10.0)
            stage.put(1, lane, 10.0 + begin + body, 0.0)
            stage.look()
    assert stage.world.totals[0].past == 1
    past, now = stage.met
    assert (past.begin, past.last, now.begin, now.last) == (1, 20, 101, 120)
    assert near(past.tet, 0.0)
    assert near(past.ttc, 3.0)
