"""The commands of ``python -m core``, one function each. Heavy modules are imported inside them, so ``--help`` is quick."""

from core.commands import atlas, data, groups, identity, images, maps, models, protocol, review, sharing

COMMANDS = (
    models.systems, data.index, data.audit, groups.groups, review.review, models.train, identity.runs, identity.describe,
    models.evaluate, models.compare, protocol.reproduce, protocol.crossfit, protocol.rules, protocol.battery, protocol.ensemble,
    protocol.results, images.predict, maps.explain, maps.methods, images.reference, atlas.atlas,
    data.fetch, data.phantom, sharing.import_, sharing.report,
)  # fmt: skip
