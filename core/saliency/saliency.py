"""Vanilla gradients: which pixels would change the class score most."""

import numpy as np

from core.saliency.method import Method


def raw_map(logits_model, images, class_id, layer=None):
    """Largest absolute derivative of the class score over the colour channels (Simonyan et al. 2013, section 3.1)."""
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    maps = Saliency(logits_model, clone=False)(CategoricalScore(class_id), images, normalize_map=False)
    return np.asarray(maps)[0]


SALIENCY = Method(
    key="saliency",
    title="Vanilla gradients",
    reference="Simonyan, Vedaldi, Zisserman 2013, arXiv:1312.6034",
    needs_layer=False,
    raw_map=raw_map,
)
