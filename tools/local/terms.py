"""The term index: BM25 over the passages' terms, by tantivy.

It is written whole, by one thread, in the order of uri and start, whenever the collection's
content has changed (50,000 passages a second), so that the same content gives the same ranking
to the last bit: with segments added and deleted one by one, BM25's statistics and the order of
equal passages would tell the history of the index.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from quaestor.tools.text.words import content_terms, terms

TITLE_WEIGHT = 0.5
"""Of a term in the title or a table's columns, beside 1 in the text."""
_DEPTH = 64
"""Searched at least this deep, so that a shorter answer is the beginning of a longer one."""
_HEAP_BYTES = 1_000_000_000  # a limit, not a need: one segment up to about a million passages
_SCORE_DIGITS = 6


def write_terms(folder: Path, rows: Iterable[tuple[int, str, str]]) -> None:
    """Write an index of (number, title terms, body terms) into an empty folder."""
    index = tantivy.Index(_schema(), path=str(folder))
    _register(index)
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for number, title, body in rows:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("title", title)
        document.add_text("body", body)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class TermIndex:
    """A written index, open for reading; any thread may ask it."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        _register(index)
        index.config_reader(reload_policy="manual")  # it does not change any more
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()

    def search(self, query: str, *, limit: int) -> list[tuple[int, float]]:
        """Return (number, score) of passages that share words with the query, best first.

        Function words are left out unless there is nothing else.
        """
        wanted = dict.fromkeys(content_terms(query) or terms(query))
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term in wanted:
            body = tantivy.Query.term_query(self._schema, "body", term, "freq")
            title = tantivy.Query.term_query(self._schema, "title", term, "freq")
            clauses.append((tantivy.Occur.Should, body))
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT)))
        return self._ranked(clauses, limit) if clauses else []

    def mentions(self, phrase: Sequence[str], *, limit: int) -> list[tuple[int, float]]:
        """Return (number, score) of passages with these terms in a row, best first."""
        if not phrase:
            return []
        clauses = [
            (tantivy.Occur.Must, self._in_a_row("body", phrase)),
            (tantivy.Occur.Should, self._in_a_row("title", phrase)),
        ]
        return self._ranked(clauses, limit)

    def holding(self, wanted: Sequence[str], *, limit: int) -> list[tuple[int, float]]:
        """Return (number, score) of passages with all these terms, in the title or the text."""
        if not wanted:
            return []
        clauses = [
            (
                tantivy.Occur.Must,
                tantivy.Query.boolean_query(
                    [
                        (tantivy.Occur.Should, self._in_a_row("body", [term])),
                        (tantivy.Occur.Should, self._in_a_row("title", [term])),
                    ]
                ),
            )
            for term in dict.fromkeys(wanted)
        ]
        return self._ranked(clauses, limit)[:limit]

    def _in_a_row(self, field: str, phrase: Sequence[str]) -> tantivy.Query:
        if len(phrase) == 1:
            return tantivy.Query.term_query(self._schema, field, phrase[0], "freq")
        return tantivy.Query.phrase_query(self._schema, field, list(phrase))

    def _ranked(
        self, clauses: Sequence[tuple[tantivy.Occur, tantivy.Query]], limit: int
    ) -> list[tuple[int, float]]:
        query = tantivy.Query.boolean_query(clauses)
        hits = self._searcher.search(query, limit=max(limit, _DEPTH), count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [
            (int(number or 0), round(float(score), _SCORE_DIGITS))
            for (score, _), number in zip(hits, numbers, strict=True)
        ]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _register(index: tantivy.Index) -> None:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", analyzer)
