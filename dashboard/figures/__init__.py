"""Pure functions from plain data to Plotly figures: no Streamlit, no core."""
