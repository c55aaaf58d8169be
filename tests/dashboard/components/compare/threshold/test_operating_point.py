"""The sliders of the operating point."""

from core.metrics.operating_point import Match
from dashboard.components.compare.threshold.operating_point import SENSITIVITIES, THRESHOLDS, slider_value


def test_positions_are_the_numbers_that_the_widgets_give():
    assert THRESHOLDS.values[:3] == [0.0, 0.01, 0.02] and THRESHOLDS.values[29] == 0.29 and THRESHOLDS.values[-1] == 1.0
    assert len(THRESHOLDS.values) == len(SENSITIVITIES.values) == 101
    assert SENSITIVITIES.values[1] == 50.5 and SENSITIVITIES.values[-1] == 100.0
    assert THRESHOLDS.key("point") == "point_threshold"


def test_only_a_number_or_a_wished_sensitivity_has_a_slider():
    assert (slider_value(0.29), slider_value(Match(0.955)), slider_value("youden")) == (0.29, 95.5, None)
