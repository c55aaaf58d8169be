"""The science of PneumoLens: data, training, evaluation and saliency. No Streamlit, no Plotly."""

import os
import platform

# Before TensorFlow is loaded, which leaves oneDNN out on a processor without AVX512_VNNI or the like, as many of AMD (release notes of
# 2.9): `python -m benchmarks training` shows what that costs.
if platform.machine() in ("x86_64", "AMD64"):
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
