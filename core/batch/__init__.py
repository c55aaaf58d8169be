"""Scoring and explaining any number of films: listed, cut into shards, judged by workers, and written in the order of the list.

score_files(runs, data, out, …) -> Scored   # the whole of it

What is held in memory does not grow with the number of films, but for the reasons of those that cannot be used. Importing this package
loads neither Keras nor TensorFlow: the workers do.
"""

from core.batch.score import Options, Scored, score_files

__all__ = ["Options", "Scored", "score_files"]
