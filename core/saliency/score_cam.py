"""Score-CAM: channels weighted by the class probability of the image seen through them; no gradients."""

import numpy as np

from core.saliency.method import RAW_CAM, Method

# Every channel costs one forward pass and tf-keras-vis holds three copies of all masked images at once: the 2,048
# channels of InceptionV3 would take 4 GB and minutes. The channels that vary most over the image carry most of the map
# ("Faster Score-CAM"), so only those are kept: at most 64 passes and about 0.1 GB at 224 pixels. It is an approximation:
# on MobileNetV2 the map correlates 0.7 to 0.8 with that of 640 channels, which takes nine times as long.
MAX_CHANNELS = 64
BATCH_SIZE = 16


def raw_map(logits_model, images, class_id, layer):
    """ReLU of the channels weighted by the softmax score of the masked image (Wang et al. 2020, algorithm 1).

    Masks multiply intensities in [0, 255]: what a mask hides turns black, as in a radiograph without exposure.
    """
    from tf_keras_vis.scorecam import Scorecam
    from tf_keras_vis.utils.scores import CategoricalScore

    n_channels = logits_model.get_layer(layer).output.shape[-1]
    cam = Scorecam(logits_model, clone=False)(
        CategoricalScore(class_id),
        images,
        penultimate_layer=layer,
        batch_size=BATCH_SIZE,
        max_N=min(MAX_CHANNELS, n_channels),
        **RAW_CAM,
    )
    return np.asarray(cam)[0]


SCORE_CAM = Method(
    key="score_cam",
    title="Score-CAM",
    reference="Wang et al. 2020, arXiv:1910.01279",
    needs_layer=True,
    raw_map=raw_map,
)
