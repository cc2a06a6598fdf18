"""A cache of what was last used: it grows to a size and no further."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Holds the entries last put or got.

    Args:
        size: How many.

    Example:
        >>> held = Recent[str, int](2)
        >>> held.put("a", 1); held.put("b", 2); _ = held.get("a"); held.put("c", 3)
        >>> held.get("a"), held.get("b"), held.get("c")
        (1, None, 3)
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Key) -> Value | None:
        """Return an entry, None where it is not held."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key]

    def put(self, key: Key, value: Value) -> None:
        """Hold an entry; the one longest unused goes where there are too many."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._size:
            self._held.popitem(last=False)
