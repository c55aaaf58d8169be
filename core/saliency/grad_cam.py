"""Grad-CAM: a layer's channels, each weighted by its mean gradient."""

import numpy as np

from core.saliency.method import RAW_CAM, Method


def raw_map(logits_model, images, class_id, layer):
    """ReLU of the channels weighted by the spatial mean of the class score's gradient (Selvaraju et al. 2017, eq. 1, 2)."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.utils.scores import CategoricalScore

    cam = Gradcam(logits_model, clone=False)(CategoricalScore(class_id), images, penultimate_layer=layer, **RAW_CAM)
    return np.asarray(cam)[0]


GRAD_CAM = Method(
    key="grad_cam",
    title="Grad-CAM",
    reference="Selvaraju et al. 2017, arXiv:1610.02391",
    needs_layer=True,
    raw_map=raw_map,
)
