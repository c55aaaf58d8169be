"""The science of PneumoLens: data, training, evaluation and saliency. No Streamlit, no Plotly."""

import os

# Before TensorFlow is loaded, which itself turns oneDNN on for some processors alone (since 2.9, those with AVX512_VNNI and the like): on
# others many a convolution takes twice the time without.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
