"""Walk a JSON schema and fill it; what stands in the free places is decided by a `Filler`."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from quaestor.testing.request import Schema

DEEPEST = (
    12  # levels of a schema that refers to itself; beyond it only what must be there is filled
)
MOST_ITEMS = 64
KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")  # emptiest first

Path = tuple[str | int, ...]
"""Where in the value a place stands: names of fields and indexes of items, outermost first."""


class Filler(Protocol):
    """What decides wherever a schema leaves a choice."""

    def branch(self, path: Path, options: Sequence[Schema]) -> int:
        """Return which of several schemas is filled."""
        ...

    def choice(self, path: Path, values: Sequence[Any]) -> Any:
        """Return one value of an enumeration."""
        ...

    def length(self, path: Path, least: int, most: int | None) -> int:
        """Return how many items an array has, or how many entries a mapping of free names."""
        ...

    def text(self, path: Path, schema: Schema) -> str:
        """Return a string; the schema may hold `pattern`, `format` and lengths."""
        ...

    def number(self, path: Path, least: float | None, most: float | None) -> float:
        """Return a number within bounds, both included."""
        ...

    def flag(self, path: Path) -> bool:
        """Return true or false."""
        ...

    def present(self, path: Path) -> bool:
        """Return whether a field that may be left out is there."""
        ...


def fill(schema: Schema, filler: Filler) -> Any:
    """Return a value that the schema accepts.

    Understood are `$ref` into the schema itself, `allOf`, `anyOf`, `oneOf`, `const`, `enum`, `type`
    (a list too), and the bounds of strings, numbers, arrays and objects. Conditions (`if`, `not`)
    are not looked at.

    Args:
        schema: A JSON schema as pydantic writes them.
        filler: What decides wherever there is a choice.
    """
    return _Walk(schema, filler).value(schema, ())


class _Walk:
    """One walk over one schema."""

    def __init__(self, root: Schema, filler: Filler) -> None:
        self.root = root
        self.filler = filler

    def value(self, schema: Schema, path: Path) -> Any:
        schema = self.resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.filler.choice(path, schema["enum"])
        options = self.options(schema)
        if options:
            return self.value(options[self.branch(path, options)], path)
        return self.typed(schema, path)

    def typed(self, schema: Schema, path: Path) -> Any:
        """Return a value of the one type that a schema has."""
        found: Any = None
        match kind_of(schema):
            case "object":
                found = self.object(schema, path)
            case "array":
                found = self.array(schema, path)
            case "integer" | "number" as kind:
                found = self.number(schema, path, whole=kind == "integer")
            case "boolean":
                found = self.filler.flag(path)
            case "null":
                pass
            case _:
                found = self.filler.text(path, schema)
        return found

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema with its reference followed and its `allOf` merged in."""
        while "$ref" in schema:
            found: Any = self.root
            for part in str(schema["$ref"]).lstrip("#").strip("/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")] if part else found
            schema = {**found, **{key: inner for key, inner in schema.items() if key != "$ref"}}
        for part in schema.get("allOf", ()):
            inner = self.resolved(part)
            fields = {**inner.get("properties", {}), **schema.get("properties", {})}
            names = [*inner.get("required", ()), *schema.get("required", ())]
            merged = {"properties": fields, "required": names} if fields else {}
            schema = {**inner, **schema, **merged}
        return schema

    def options(self, schema: Schema) -> list[Schema]:
        """Return the schemas of which one is to be filled."""
        for key in ("anyOf", "oneOf"):
            if key in schema:
                rest = {name: inner for name, inner in schema.items() if name != key}
                return [{**rest, **self.resolved(option)} for option in schema[key]]
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return [{**schema, "type": kind} for kind in cast("list[str]", kinds)]
        return []

    def branch(self, path: Path, options: Sequence[Schema]) -> int:
        if len(path) < DEEPEST:
            return self.filler.branch(path, options)
        ranks = [KINDS.index(kind_of(self.resolved(option))) for option in options]
        return ranks.index(min(ranks))

    def object(self, schema: Schema, path: Path) -> dict[str, Any]:
        filled = {
            name: self.value(inner, (*path, name))
            for name, inner in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or self.present(inner, (*path, name))
        }
        free = schema.get("additionalProperties")
        if isinstance(free, Mapping) and not schema.get("properties"):
            count = self.count(schema, path, "minProperties", "maxProperties")
            for index in range(count):
                name = self.filler.text((*path, index, "name"), schema.get("propertyNames", {}))
                filled[name] = self.value(cast("Schema", free), (*path, index))
        return filled

    def present(self, schema: Schema, path: Path) -> bool:
        """Return whether a field that may be left out is filled."""
        if "const" in self.resolved(schema):
            return True  # it tells apart what the schema gives a choice of
        return len(path) <= DEEPEST and self.filler.present(path)

    def array(self, schema: Schema, path: Path) -> list[Any]:
        first = [
            self.value(inner, (*path, index))
            for index, inner in enumerate(schema.get("prefixItems", ()))
        ]
        if not isinstance(schema.get("items", {}), Mapping):
            return first
        count = max(self.count(schema, path, "minItems", "maxItems"), len(first))
        rest = [
            self.value(schema.get("items", {}), (*path, index))
            for index in range(len(first), count)
        ]
        return _distinct([*first, *rest]) if schema.get("uniqueItems") else [*first, *rest]

    def count(self, schema: Schema, path: Path, least_key: str, most_key: str) -> int:
        least: int = schema.get(least_key, 0)
        most: int | None = schema.get(most_key)
        if len(path) >= DEEPEST:
            return least
        return min(self.filler.length(path, least, most), max(least, MOST_ITEMS))

    def number(self, schema: Schema, path: Path, *, whole: bool) -> float:
        step = schema.get("multipleOf", 1 if whole else None)
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        margin = step or 1e-6
        least = schema.get("minimum", above + margin if above is not None else None)
        most = schema.get("maximum", below - margin if below is not None else None)
        found = self.filler.number(path, least, most)
        if step is None:
            return found
        steps = found // step + (0 if least is None or found // step * step >= least else 1)
        return int(steps * step) if whole else steps * step


def kind_of(schema: Schema) -> str:
    """Return the type of a schema, the fullest of several; for none what its other keys imply."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return max(cast("list[str]", kinds), key=KINDS.index)
    if kinds is not None:
        return str(kinds)
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else "string"


def _distinct(items: Sequence[Any]) -> list[Any]:
    return [item for index, item in enumerate(items) if item not in items[:index]]
