"""The commands of ``python -m core``, one function each. Heavy modules are imported inside them, so ``--help`` is quick."""

from core.cli import (
    atlas,
    data,
    evaluate,
    exchange,
    experiments,
    groups,
    identity,
    maps,
    predict,
    review,
    score,
    studies,
    sweep,
    train,
    visualize,
)

COMMANDS = (
    train.systems, data.index, data.audit, groups.groups, review.review, train.train, identity.runs, identity.describe,
    evaluate.evaluate, evaluate.compare, experiments.reproduce, sweep.sweep, studies.crossfit, studies.rules, experiments.battery,
    experiments.ensemble, experiments.results, predict.predict, maps.explain, maps.methods, visualize.visualize, predict.reference,
    score.score, atlas.atlas, data.fetch, data.phantom, exchange.import_, exchange.report,
)  # fmt: skip
