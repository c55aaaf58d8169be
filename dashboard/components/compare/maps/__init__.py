"""Where runs look: on average, and on each film."""
