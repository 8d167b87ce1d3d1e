"""Every registered message: its size, its fields there and back, and who can say it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.v2x import MESSAGES, Message

ALL = [MESSAGES[name] for name in MESSAGES.names()]


def test_those_of_both_phases_are_there() -> None:
    assert set(MESSAGES.names()) >= {"bsm", "map", "spat", "rsi", "rsm", "vir", "rsc", "ssm", "psm"}


@pytest.mark.parametrize("message", ALL, ids=lambda x: x.name)
def test_a_message_says_who_when_and_how_far(message: Message) -> None:
    assert message.sender in ("vehicle", "roadside", "person")
    assert message.period >= 0.0
    assert message.reach > 0.0
    assert message.lifetime > message.period
    assert 1 <= message.size() <= message.size(message.elements[1]) <= 2048
    assert message.title
    assert message.source


@pytest.mark.parametrize(
    ("name", "elements", "size"),
    [("bsm", 0, 36), ("rsm", 1, 36), ("rsm", 8, 157), ("rsm", 16, 296), ("spat", 4, 43)],
)
def test_sizes_are_those_measured_with_an_independent_encoder(name: str, elements: int, size: int) -> None:
    assert MESSAGES[name].size(elements) == size


@pytest.mark.parametrize(
    ("name", "elements", "size"),
    [
        ("bsm", 5, 95),
        ("bsm", 10, 136),
        ("bsm", 23, 243),
        ("rsm", 1, 56),
        ("rsm", 8, 303),
        ("rsm", 16, 586),
        ("spat", 4, 149),
        ("spat", 8, 284),
    ],
)
def test_full_sizes_are_those_measured(name: str, elements: int, size: int) -> None:
    assert MESSAGES[name].size(elements, full=True) == size


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 16 elements, not 17"):
        MESSAGES["rsm"].size(17)


@pytest.mark.parametrize("message", ALL, ids=lambda x: x.name)
@given(share=st.floats(0.0, 1.0))
def test_what_is_read_is_what_the_field_can_carry(message: Message, share: float) -> None:
    for field in (*message.fields, *message.each):
        value = (field.low + share * (field.high - field.low)) * field.resolution
        read = field.carried(value)
        assert abs(read - value) <= 0.5000001 * field.resolution
        assert field.carried(read) == read
        assert field.low <= field.count(value) <= field.high
        assert field.count(value) != field.unknown


@pytest.mark.parametrize("message", ALL, ids=lambda x: x.name)
def test_what_does_not_fit_is_cut_and_what_is_not_known_is_marked(message: Message) -> None:
    for field in (*message.fields, *message.each):
        if field.turn:
            assert [field.count(x) for x in (360.0, 359.9999, -1.0, 725.0)] == [field.count(x) for x in (0, 0, 359, 5)]
        else:
            assert field.count(1e12) == field.high
            assert field.count(-1e12) == field.low
        if field.unknown is None:
            with pytest.raises(ValueError, match="no mark"):
                field.count(math.nan)
        else:
            assert math.isnan(field.carried(math.nan))


def test_resolutions_of_a_basic_safety_message() -> None:
    bsm = MESSAGES["bsm"]
    assert bsm.carried({"speed": 13.889, "heading": 90.004, "acceleration": -1.2345}) == pytest.approx(
        {"speed": 13.88, "heading": 90.0, "acceleration": -1.23}
    )
    assert bsm.field("latitude").bits == 31
    assert bsm.field("longitude").bits == 32
    with pytest.raises(KeyError):
        bsm.carried({"colour": 1.0})
