"""The machine at hand: its devices, and how much memory and disk is free."""
