"""Figures of what runs have stored, as Plotly has them: the page shows them as they are, the report as SVG. They compute nothing."""
