"""How far to trust a saliency map: one check a file, each with a number, a curve and a sentence, and a verdict.

Importing this package loads neither Keras nor TensorFlow.

CHECKS : tuple of Trial (``key, title, explanation, reference``)
believe(model, image, explanation, checks=None, progress=None) -> Belief (``checks, level, sentence``)
agreement_of_pairs(explanations) -> DataFrame
body_mask(grey) -> ndarray
"""

from core.saliency.checks.agreement import AGREEMENT
from core.saliency.checks.body import body_mask
from core.saliency.checks.check import Check, Trial
from core.saliency.checks.deletion_insertion import DELETION_INSERTION
from core.saliency.checks.outside_body import OUTSIDE_BODY
from core.saliency.checks.similarity import agreement_of_pairs, feature_agreement, rank_agreement, similarity
from core.saliency.checks.stability import STABILITY
from core.saliency.checks.verdict import Belief, believe
from core.saliency.checks.weight_randomisation import WEIGHT_RANDOMISATION

__all__ = [
    "CHECKS", "Belief", "Check", "Trial", "agreement_of_pairs", "believe", "body_mask", "feature_agreement", "rank_agreement", "similarity",
]  # fmt: skip

CHECKS = (WEIGHT_RANDOMISATION, DELETION_INSERTION, STABILITY, AGREEMENT, OUTSIDE_BODY)
