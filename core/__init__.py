"""The science of PneumoLens: data, training, evaluation and saliency. No Streamlit, no Plotly."""
