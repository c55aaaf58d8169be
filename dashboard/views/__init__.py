"""The pages: one short top-level script each, run by Streamlit, imported by nothing."""
