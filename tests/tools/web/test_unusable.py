"""Pages with a good status that are none, told from pages that only speak of such things."""

import pytest

from quaestor.tools.web.unusable import unusable

LONG = "The harbour is deep and ships of any size enter it at high water. " * 12


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Just a moment...", "example.org needs to review your connection.", "challenge"),
        ("Attention", "Please verify you are human to go on.", "challenge"),
        ("", "Our systems have detected unusual traffic from your network.", "challenge"),
        ("Access", "Complete the CAPTCHA below.", "challenge"),
        ("", "Checking your browser before accessing the site.", "challenge"),
        ("", "Enable JavaScript and cookies to continue", "challenge"),
        ("Security", "Confirm that you are not a robot.", "challenge"),
        ("404 - Example", "Go to the front page.", "not found"),
        ("Example", "The page you asked for could not be found.", "not found"),
        ("Example", "Sorry, this page does not exist.", "not found"),
        ("", "Not Found", "not found"),
        ("", "not found", "not found"),
        ("Fehler", "Seite nicht gefunden", "not found"),
    ],
)
def test_a_short_page_that_says_so(title: str, text: str, said: str) -> None:
    assert said in (unusable(title, text) or "")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Tides", "The tide turns twice a day."),
        ("What is a CAPTCHA?", f"A CAPTCHA asks whether you are a robot. {LONG}"),
        ("HTTP 404", f"404 means that a page was not found. {LONG}"),
        ("Amphibians", "The olm is found in caves; it is not found above ground."),
        ("Bus 4041", "The bus to the harbour."),
    ],
)
def test_a_page_that_does_not(title: str, text: str) -> None:
    assert unusable(title, text) is None
