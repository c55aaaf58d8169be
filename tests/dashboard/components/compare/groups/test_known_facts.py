"""Groups are called on Compare what they are called on Data."""

from __future__ import annotations

from core.datasets import open_shipped
from core.groups import APPEARANCE, groups_at_hand, name_group, summarise
from dashboard.components.compare.groups import known_facts


def test_a_users_name_of_a_group_stands_on_compare_too(monkeypatch):
    shipped = open_shipped()
    grouping = groups_at_hand(shipped)
    monkeypatch.setattr(known_facts, "_used", lambda: None)
    usual = known_facts.known(shipped, APPEARANCE).names
    assert usual == tuple(summarise(shipped, grouping).names)
    name_group(shipped, grouping, 5, "Portable")
    try:
        assert known_facts.known(shipped, APPEARANCE).names == (*usual[:5], f"Portable ({usual[5]})")
        assert known_facts.all_known(shipped)[APPEARANCE].names[5] == f"Portable ({usual[5]})"
    finally:
        name_group(shipped, grouping, 5, "")


def test_the_data_in_use_says_what_its_groups_are_called(monkeypatch):
    shipped = open_shipped()
    monkeypatch.setattr(known_facts, "_used", lambda: shipped)
    monkeypatch.setattr(known_facts, "summarise", lambda *_, **__: type("Said", (), {"names": tuple("abcdef")}))
    known_facts._names.clear()
    assert known_facts.known(shipped, APPEARANCE).names == tuple("abcdef")
    known_facts._names.clear()
