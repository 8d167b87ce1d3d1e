"""Kinds of messages as they are counted: each message, and of those that tell of events each topic apart.

The kernel counts by these; whoever reads its counts adds topics to their message, or asks for one topic.
"""

from __future__ import annotations

import numpy as np

from sim.v2x import MESSAGES

#: Applications that are judged by their own messages, and by which message they tell; new ones are added at the end.
TOPICS = {"hazard_warning": "rsi", "jam_ahead": "rsi", "signage": "rsi"}


def kinds() -> list[str]:
    """All kinds: messages by name, then topics."""
    return [*MESSAGES.names(), *TOPICS]


def code(message: str, topic: str = "") -> int:
    """Rank of a kind: of a topic, where it is counted apart, else of a message."""
    return kinds().index(topic if topic in TOPICS else message)


def messages_of() -> np.ndarray:
    """Rank of the message of each kind (kinds,)."""
    names = MESSAGES.names()
    return np.array([names.index(TOPICS.get(x, x)) for x in kinds()])


def folded(counts: np.ndarray, axis: int = 0) -> np.ndarray:
    """Counts by message of counts by kind, which stand along an axis; a copy."""
    moved = np.moveaxis(counts, axis, 0)
    told = moved[: len(MESSAGES.names())].copy()
    np.add.at(told, messages_of()[len(told) :], moved[len(told) :])
    return np.moveaxis(told, 0, axis)
