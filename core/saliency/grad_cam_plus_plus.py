"""Grad-CAM++: channel weights from positive gradients only, each pixel with its own share."""

import numpy as np

from core.saliency.method import RAW_CAM, Method


def raw_map(logits_model, images, class_id, layer):
    """ReLU of the channels weighted by eq. 10 and 19 of Chattopadhay et al. 2018, without the factor exp(S).

    The paper differentiates Y = exp(S). Every derivative carries the factor exp(S); it cancels in alpha (eq. 19) and
    scales the whole map. Left in, it overflows float32 at a logit of 89 and wipes the map out at a very negative one, so
    the score is shifted to S = 0 here: same map, same gradients, up to that factor.
    """
    import tensorflow as tf
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus

    def shifted_score(logits):
        return logits[:, class_id] - tf.stop_gradient(logits[:, class_id])

    cam = GradcamPlusPlus(logits_model, clone=False)(shifted_score, images, penultimate_layer=layer, **RAW_CAM)
    return np.asarray(cam)[0]


GRAD_CAM_PLUS_PLUS = Method(
    key="grad_cam_plus_plus",
    title="Grad-CAM++",
    reference="Chattopadhay et al. 2018, arXiv:1710.11063",
    needs_layer=True,
    raw_map=raw_map,
)
