"""The threshold in use: its choice, its counts, and what follows it while a slider moves."""
