"""Is this a picture that a run can judge? Checked before any score is shown.

check_quality(source, pixels, width, height) -> list of Finding   # the picture alone
build_reference(run, model, dataset, progress) -> Reference       # once a run: what its training images look like
save_reference(run, reference); open_reference(run) -> Reference or None
Reference.check(pixels, features) -> list of Finding              # how far from them this picture is

Importing this package loads neither Keras nor TensorFlow.
"""

from core.input_checks.finding import Finding, in_brief, is_refused, is_unlike
from core.input_checks.measure import build_reference
from core.input_checks.out_of_distribution import Reference
from core.input_checks.quality import check_quality
from core.input_checks.store import open_reference, save_reference

__all__ = [
    "Finding",
    "Reference",
    "build_reference",
    "check_quality",
    "in_brief",
    "is_refused",
    "is_unlike",
    "open_reference",
    "save_reference",
]
