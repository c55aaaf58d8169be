"""Is this a picture that a run can judge? Checked before any score is shown.

check_quality(source, pixels, width, height) -> list of Finding   # the picture alone
build_reference(run, model, dataset, progress) -> Reference       # once a run: what its training images look like
save_reference(run, reference); open_reference(run) -> Reference or None
Reference.check(pixels, features) -> list of Finding              # how far from them this picture is

Importing this package loads neither Keras nor TensorFlow.
"""

from core.screening.finding import Finding, is_refused, is_unlike
from core.screening.measuring import build_reference
from core.screening.quality import check_quality
from core.screening.reference import Reference
from core.screening.storing import open_reference, save_reference

__all__ = ["Finding", "Reference", "build_reference", "check_quality", "is_refused", "is_unlike", "open_reference", "save_reference"]
