"""What goes wrong in Streamlit when a click comes before the page is drawn of the one before, and has no place to be put right."""
