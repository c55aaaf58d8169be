"""What goes wrong in Streamlit when a click comes before the page is drawn of the one before, and has no place to be put right."""

HEARD = 10.0  # seconds after which a browser has heard of what a click before set, and of the link that was sent to it
