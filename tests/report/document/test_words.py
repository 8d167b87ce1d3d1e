"""Cards and applications have words in both languages, and none that are of nothing."""

from __future__ import annotations

from sim.apps import APPS
from sim.report.page import chinese, worded
from sim.traffic.cards import CARDS


def test_every_card_and_application_has_words_in_chinese() -> None:
    said = {CARDS[x].description for x in CARDS.names()} | {APPS[x].title for x in APPS.names()}
    assert set(chinese()) == said
    assert all(any("\u4e00" <= x <= "\u9fff" for x in text) for text in chinese().values())


def test_what_has_no_words_stands_as_it_is() -> None:
    assert worded("a <b> of one's own") == "a &lt;b&gt; of one&#39;s own"
    assert "自行车" in worded("Bicycle")
