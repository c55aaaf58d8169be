"""LayerCAM: every activation weighted by its own positive gradient, so that early layers work as well."""

import numpy as np

from core.saliency.method import RAW_CAM, Method


def raw_map(logits_model, images, class_id, layer):
    """ReLU of the sum over channels of activation times ReLU of its gradient (Jiang et al. 2021, eq. 6 to 8)."""
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.utils.scores import CategoricalScore

    cam = Layercam(logits_model, clone=False)(CategoricalScore(class_id), images, penultimate_layer=layer, **RAW_CAM)
    return np.asarray(cam)[0]


LAYER_CAM = Method(
    key="layer_cam",
    title="LayerCAM",
    reference="Jiang et al. 2021, IEEE Transactions on Image Processing 30:5875, doi 10.1109/TIP.2021.3089943",
    needs_layer=True,
    raw_map=raw_map,
)
