"""The commands of ``python -m core``, one function each. Heavy modules are imported inside them, so ``--help`` is quick."""

from core.cli import (
    atlas,
    data,
    groups,
    identity,
    maps,
    review,
)
from core.cli import (
    exchange as sharing,
)
from core.cli import (
    experiments as protocol,
)
from core.cli import (
    predict as images,
)
from core.cli import (
    train as models,
)

COMMANDS = (
    models.systems, data.index, data.audit, groups.groups, review.review, models.train, identity.runs, identity.describe,
    models.evaluate, models.compare, protocol.reproduce, protocol.crossfit, protocol.rules, protocol.battery, protocol.ensemble,
    protocol.results, images.predict, maps.explain, maps.methods, images.reference, atlas.atlas,
    data.fetch, data.phantom, sharing.import_, sharing.report,
)  # fmt: skip
