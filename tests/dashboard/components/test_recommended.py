"""What is recommended is explained in one place, and every page says it in those words."""

from core.metrics.thresholds import RECOMMENDED
from dashboard.components.compare.runs import leaderboard_columns as board_columns
from dashboard.components.compare.threshold import operating_point
from dashboard.components.inspect import predictions as scores


def test_every_page_explains_the_recommended_threshold_alike():
    assert RECOMMENDED in operating_point.HELP and RECOMMENDED in scores.HELP
    assert RECOMMENDED[1:] in board_columns.NUMBERS["Threshold"][-1]
