"""Runs at another threshold than today's are counted, with the reason; where all stand alike there is nothing to say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.metrics.rules_apart import is_apart, rules_note

WHERE = "at the threshold of the card"


def run(rule: str | None, n_classes: int = 2) -> SimpleNamespace:
    return SimpleNamespace(card=SimpleNamespace(recommended=SimpleNamespace(rule=rule)), config=SimpleNamespace(n_classes=n_classes))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (["half", None, "half"], ""),
        ([], ""),
        (["half", "battery", "half"], f"1 of 3 runs of two classes stands {WHERE}, 1 by an earlier rule, not at 0.5 as the others:"),
        (["given", "battery", "battery", "half"], f"3 of 4 runs of two classes stand {WHERE}, 2 by an earlier rule and 1 as given"),
        (["battery"], f"1 of 1 run of two classes stands {WHERE}, 1 by an earlier rule, not at 0.5:"),
    ],
)
def test_runs_of_other_rules_are_counted_with_the_reason(rules, words):
    assert rules_note([*map(run, rules), run(None, n_classes=3)]).startswith(words)
    assert bool(rules_note(map(run, rules))) == any(is_apart(run(rule)) for rule in rules) == bool(words)
