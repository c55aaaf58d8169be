"""Labels that may be wrong: what held-out scores of finished runs say against them, and what a person says of each image.

held_out(dataset, runs, n_classes) -> HeldOut      # scores of images that a model was not trained on
suspects(dataset, held) -> Suspects                # ranked: those that most models contradict with confidence first
read_tags(fingerprint), put_tag(…)                 # right, wrong label or unusable, with a note; kept beside the data cache
review_table(…), as_csv(table)                     # to take away

Importing this package loads neither Keras nor scikit-learn.
"""

from core.audit.label_errors.confident import Contradicted, contradicted
from core.audit.label_errors.export import as_csv, review_table
from core.audit.label_errors.held_out import HeldOut, held_out
from core.audit.label_errors.suspects import Suspects, suspects
from core.audit.label_errors.tags import TAGS, Tag, put_tag, read_tags, undo_tag

__all__ = [
    "TAGS", "Contradicted", "HeldOut", "Suspects", "Tag", "as_csv", "contradicted", "held_out", "put_tag", "read_tags", "review_table",
    "suspects", "undo_tag",
]  # fmt: skip
