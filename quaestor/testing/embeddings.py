"""Embeddings without a model: texts with the same words are near each other."""

import math
import re
from hashlib import blake2b

from langchain_core.embeddings import Embeddings

_WORD = re.compile(r"\w+")


class HashEmbeddings(Embeddings):
    """Bags of words, each word hashed to a place and a sign, at unit length.

    The cosine of two texts is about the share of the words they have in common.

    Args:
        size: How many numbers a vector has; with fewer, more words share a place.

    Raises:
        ValueError: The size is below 1.
    """

    def __init__(self, size: int = 256) -> None:
        if size < 1:
            raise ValueError(f"size={size} must be 1 or more")
        self.size = size

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text, of length 1; of a text without words the first axis."""
        vector = [0.0] * self.size
        for word in _WORD.findall(text.casefold()):
            drawn = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())
            vector[(drawn >> 1) % self.size] += 1.0 if drawn & 1 else -1.0
        length = math.sqrt(sum(number * number for number in vector))
        if length == 0.0:
            return [1.0, *vector[1:]]
        return [number / length for number in vector]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of several texts, in their order."""
        return [self.embed_query(text) for text in texts]

    async def aembed_query(self, text: str) -> list[float]:
        """Return the same; it takes no time worth a thread."""
        return self.embed_query(text)

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the same; it takes no time worth a thread."""
        return self.embed_documents(texts)
