"""A map of the images: two coordinates each, so that images that look alike lie near each other.

embed(dataset, stages) -> Embedding           # made once and kept on disk
embedding_at_hand(dataset) -> Embedding or None   # shipped, or made before: no work, no Keras
inside(corners, points) -> mask               # the points in an area that was drawn on the map

Importing this package loads neither Keras nor scikit-learn.
"""

from core.embedding.area import Area, area_from_text, inside, within
from core.embedding.at_hand import embedding_at_hand
from core.embedding.kept import Embedding
from core.embedding.making import embed

__all__ = ["Area", "Embedding", "area_from_text", "embed", "embedding_at_hand", "inside", "within"]
