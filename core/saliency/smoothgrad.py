"""SmoothGrad: the gradient, averaged over noisy copies of the image."""

import numpy as np

from core.saliency.method import Method

N_SAMPLES = 20  # section 3.2: little is gained past 50; 20 already removes most of the grain
NOISE_LEVEL = 0.15  # section 3.2: standard deviation, 10 to 20 % of the image's range
BATCH_SIZE = 5  # bounds the memory: the activations of five images are kept for the backward pass
SEED = 0  # the same image gives the same map


def raw_map(logits_model, images, class_id, layer=None):
    """Absolute value of the mean gradient under Gaussian noise, largest over the colour channels (Smilkov et al. 2017).

    tf-keras-vis supplies the gradients. Noise and mean are ours: its own draw from NumPy's global generator, so that
    two maps of one image differ, and it averages absolute values where the paper averages signed gradients.
    """
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    visualiser, score = Saliency(logits_model, clone=False), CategoricalScore(class_id)
    options = {"keepdims": True, "gradient_modifier": None, "normalize_map": False}
    noisy = np.array_split(noisy_copies(images[0]), N_SAMPLES // BATCH_SIZE)
    gradients = [np.asarray(visualiser(score, batch, **options)) for batch in noisy]
    return np.abs(np.concatenate(gradients).mean(axis=0)).max(axis=-1)


def noisy_copies(image):
    """Seeded Gaussian noise around one image.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), float32

    Returns
    -------
    ndarray of shape (N_SAMPLES, height, width, 3), float32
        Not clipped to the image's range: clipping would bias the mean of black and white pixels.
    """
    sigma = NOISE_LEVEL * float(image.max() - image.min())
    noise = np.random.default_rng(SEED).standard_normal((N_SAMPLES, *image.shape), dtype=np.float32)
    return image + np.float32(sigma) * noise


SMOOTHGRAD = Method(
    key="smoothgrad",
    title="SmoothGrad",
    reference="Smilkov et al. 2017, arXiv:1706.03825",
    needs_layer=False,
    raw_map=raw_map,
)
