"""The audit's headline in plain words."""

import dataclasses

import pytest

from core.audit import Finding
from dashboard.components.data.audit.cards import headline

ONE = Finding("encoding_shortcut", "ok", "Files alone separate the classes", 0.9, 10, "It matters.")


def findings(*severities: str) -> list[Finding]:
    return [dataclasses.replace(ONE, severity=severity) for severity in severities]


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        (
            ("high", "high", "high", "medium", "medium", "ok"),
            "found **3** serious and **2** moderate problems. The most serious: Files alone",
        ),
        (("high", "ok"), "found **1** serious problem. The most serious"),
        (("medium", "medium"), "found **2** moderate problems. "),
        (("low", "ok", "unknown"), "The audit below found no serious or moderate problem. "),
    ],
)
def test_the_headline_counts_problems(severities, expected):
    assert expected in headline(findings(*severities))
