"""Capitals that are no names: of German nouns, and of words that open a French sentence."""

import pytest

from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.agents.verifier import judge

ENGLISH = "The lease ends on 31 March 2028. It was signed by Ida Thornbury and Jonas Feld."
GERMAN = (
    "Der Mietvertrag endet am 31. März 2028. Die Vermieterin ist Ida Thornbury, und eine "
    "Verlängerung bedarf der Zustimmung des Eigentümers."
)


@pytest.mark.parametrize(
    ("claim", "span"),
    [
        pytest.param("Le bail se termine le 31 mars 2028.", ENGLISH, id="French"),
        pytest.param("L'accord signé par Ida Thornbury finit en 2028.", ENGLISH, id="elided"),
        pytest.param("El contrato termina el 31 de marzo de 2028.", ENGLISH, id="Spanish"),
        pytest.param("Der Mietvertrag endet am 31. März 2028.", ENGLISH, id="German"),
        pytest.param(
            "Der Vertrag wurde von Ida Thornbury und Jonas Feld unterschrieben und endet am "
            "31. März 2028.", ENGLISH, id="German with names",
        ),
        pytest.param("Der Vertrag endet am 31. März 2028.", GERMAN, id="of a compound"),
        pytest.param("Verträge mit Ida Thornbury enden am 31. März 2028 und nicht später.", GERMAN,
                     id="a plural"),
        pytest.param(
            "Verlängerungen sind nach dem 31. März 2028 nicht mit Ida Thornbury zu machen.",
            GERMAN, id="another number",
        ),
    ],
)  # fmt: skip
def test_true_claims_are_supported(claim: str, span: str) -> None:
    assert judge(ClaimView(text=claim, spans=(span,))) == Judged(verdict="supported")


@pytest.mark.parametrize(
    ("claim", "span", "reason"),
    [
        pytest.param("Der Mietvertrag endet am 30. März 2028.", GERMAN, "30. März 2028",
                     id="another day"),
        pytest.param("Der Mietvertrag wurde von Bob Schmidt unterschrieben.", GERMAN, "Bob Schmidt",
                     id="another name"),
        pytest.param("Der Vertrag wurde in Hamburg unterschrieben und endet am 31. März 2028.",
                     GERMAN, "Hamburg", id="a town"),
        pytest.param("Le Corbusier a signé le bail du 31 mars 2028.", ENGLISH, "Corbusier",
                     id="a French name"),
    ],
)  # fmt: skip
def test_false_claims_are_not(claim: str, span: str, reason: str) -> None:
    judged = judge(ClaimView(text=claim, spans=(span,)))
    assert judged.verdict != "supported"
    assert reason in judged.reason
