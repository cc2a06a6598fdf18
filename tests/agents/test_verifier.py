"""What the extractive verifier lets through and what it catches, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.agents.verifier import OTHER_SCRIPT, ExtractiveVerifier, judge
from quaestor.memory.report import Verdict

EVA = (
    "Eva Nováková (born 2 November 1932 in Ostrava) is a Czech engineer. From 1950 to 1954 she "
    "studied at the Technical University of Brno. The plant she led employed 1,234 workers and "
    "made 4.2 million tonnes of steel, 12 % of the country's output."
)


def verdict(claim: str, *spans: str, titles: tuple[str, ...] = ()) -> Verdict:
    return judge(ClaimView(text=claim, spans=spans or (EVA,), titles=titles)).verdict


@pytest.mark.parametrize(
    "claim",
    [
        "Eva Nováková was born on 2 November 1932.",
        "Eva Novakova was born on November 2, 1932.",
        "Eva Nováková was born on 1932-11-02.",
        "Eva Nováková wurde am 2.11.1932 geboren.",
        "Eva Nováková was born on 02/11/32.",
        "Nováková est née le mercredi 2 novembre 1932.",
        "E. Nováková was born in 1932.",
        "Eva Nováková was born in November 1932.",
        "She led a plant with 1234 workers.",
        "She led a plant with 1.234 workers.",
        "She led a plant with 1\u202f234 workers.",
        "She led a plant with one thousand two hundred and thirty-four workers.",
        "It made 4,200,000 tonnes, twelve percent of the output.",
        "It made 4,2 Millionen Tonnen, 12 Prozent.",
        "It made forty-two lakh tonnes.",
        "Yes: both Eva Nováková and the Technical University of Brno are Czech.",
        "The engineer is from the Czech lands; she studied at TUB.",
        'Her plant made "4.2 million tonnes of steel".',
        "She studied there from 1950 to 1954.",
        "It made 42,00,000 tonnes.",
        "It made 4\u202f200\u202f000\u202ft.",
        "Am Mittwoch, 2. November 1932, in Ostrava.",
        "Date of birth of Eva Nováková: 02.11.32.",
        "Publication of the birth: 2 nov. 1932.",
        "Eva Nováková was born in _1932_.",
    ],
)
def test_true_claims_are_supported(claim: str) -> None:
    assert verdict(claim) == "supported"


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Eva Nováková was born on 3 November 1932.", id="another day"),
        pytest.param("Eva Nováková was born on 2 November 1933.", id="another year"),
        pytest.param("Eva Nováková was born on 02.11.33.", id="another year of two digits"),
        pytest.param("Eva Nováková was born on Friday, 2 November 1932.", id="another weekday"),
        pytest.param("She led a plant with 1,235 workers.", id="another number"),
        pytest.param("She led a plant with two thousand workers.", id="another number in words"),
        pytest.param("It made 4.2 billion tonnes.", id="another scale"),
        pytest.param("It made 12 tonnes.", id="another unit"),
        pytest.param("Jana Dvořáková was born in 1932.", id="another name"),
        pytest.param("She studied at the Technical University of Graz.", id="half a name"),
        pytest.param('She led "a plant of great fame".', id="an invented quotation"),
        pytest.param("She studied the T-34B.", id="an invented code"),
        pytest.param("She led the plant steel_1234.", id="an invented name of a file"),
        pytest.param("Eva Nováková was born in _1933_.", id="another year, set in italics"),
        pytest.param("Of the plants, she led acht.", id="a German number like an English word"),
        pytest.param("The plants she led were mille.", id="a French number like a part of a name"),
        pytest.param("She led just one.", id="a number where no noun follows"),
        pytest.param("She led a plant with 1.000 workers.", id="a whole number with three zeros"),
        pytest.param("Sicily had a plant of steel.", id="another name in first place"),
        pytest.param("No: Eva Nováková was born in 1941.", id="a wrong reason behind yes or no"),
    ],
)
def test_false_claims_are_not_supported(claim: str) -> None:
    assert verdict(claim) != "supported"


@pytest.mark.parametrize(
    ("claim", "span", "expected"),
    [
        pytest.param(
            "The Ostrava plant employed 1,300 workers.",
            "The Ostrava plant employed 1,234 workers.",
            Judged(verdict="contradicted", reason="1,300: its spans say 1,234 there"),
            id="the same words around another number",
        ),
        pytest.param(
            "The Ostrava plant closed on 3 May 1932.",
            "The Ostrava plant closed on 2 May 1932.",
            Judged(verdict="contradicted", reason="3 May 1932: its spans say 2 May 1932 there"),
            id="the same words around another date",
        ),
        pytest.param(
            "The plant paid 1,300 a month.",
            "The Ostrava plant employed 1,234 workers.",
            Judged(verdict="unsupported", reason="not in its spans: 1,300"),
            id="other words around another number",
        ),
        pytest.param(
            "The Ostrava plant paid its senior engineers 1,300 a month.",
            "The Ostrava plant employed 1,234 workers.",
            Judged(verdict="unsupported", reason="not in its spans: 1,300"),
            id="a subject in common is not enough",
        ),
        pytest.param(
            "The plant closed on 3 May 1932.",
            "The plant closed in May 1932.",
            Judged(verdict="partly", reason="less exact in its spans: 3 May 1932 (only in part)"),
            id="a span that is less exact",
        ),
        pytest.param(
            "The plant made about 4 tonnes.",
            "The plant made 4.2 tonnes.",
            Judged(verdict="partly", reason="less exact in its spans: 4 (rounded)"),
            id="a hedged round number",
        ),
        pytest.param(
            "The plant made 4 tonnes.",
            "The plant made 4.2 tonnes.",
            Judged(verdict="contradicted", reason="4 tonnes: its spans say 4.2 there"),
            id="a round number as if exact",
        ),
        pytest.param(
            "Jana Dvořáková led the plant.",
            "Eva Nováková led the plant.",
            Judged(verdict="unsupported", reason="not in its spans: Jana Dvořáková"),
            id="a name",
        ),
    ],
)
def test_verdicts_and_reasons(claim: str, span: str, expected: Judged) -> None:
    assert judge(ClaimView(text=claim, spans=(span,))) == expected


@pytest.mark.parametrize(
    ("claim", "span", "expected"),
    [
        pytest.param("He made 15 plants.", "We saw 15,000 plants.", "unsupported", id="thousands"),
        pytest.param("He lives in Italy.", "An Italian engineer.", "partly", id="a people"),
        pytest.param("He is Italian.", "He lives in Italy.", "partly", id="a place"),
        pytest.param("The United States paid.", "The U.S. paid.", "supported", id="an acronym"),
        pytest.param("We met Ursula Smith.", "In the U.S. we met.", "unsupported", id="initials"),
        pytest.param("It cost 7 US-Dollar.", "It cost $7.", "supported", id="a currency in German"),
        pytest.param(
            "It has 7 Quadratmeilen.", "It has 7 square miles.", "supported", id="an area"
        ),
        pytest.param("It has 7 mi².", "It has 7 miles.", "unsupported", id="a length for an area"),
        pytest.param(
            "It has 7 doors and 9 keys.", "It has 7 doors.", "unsupported", id="one of two"
        ),
    ],
)
def test_near_misses(claim: str, span: str, expected: Verdict) -> None:
    assert verdict(claim, span) == expected


def test_titles_say_what_a_span_is_about() -> None:
    span = "It landed on 20 July 1969."
    claim = "Apollo 11 landed on 20 July 1969."
    assert verdict(claim, span) == "unsupported"
    assert verdict(claim, span, titles=("Apollo 11",)) == "supported"
    assert verdict("It landed in 11 days.", span, titles=("Apollo 11",)) == "unsupported"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param("The lease of 2021 ended on 31 March 2026.",
                     Judged(verdict="partly",
                            reason="less exact in its spans: 2021 (only in a title)"),
                     id="a year of the title"),
        pytest.param("The lease of March 2021 ended on 31 March 2026.",
                     Judged(verdict="partly",
                            reason="less exact in its spans: March 2021 (only in a title)"),
                     id="a month of the title"),
        pytest.param("The lease of 2022 ended on 31 March 2026.",
                     Judged(verdict="contradicted", reason="2022: its spans say 2026 there"),
                     id="another year"),
        pytest.param("The lease of 13 March 2021 ended on 31 March 2026.",
                     Judged(verdict="unsupported", reason="not in its spans: 13 March 2021"),
                     id="another day"),
        pytest.param("The old lease ended after 5 years.",
                     Judged(verdict="unsupported", reason="not in its spans: 5 years"),
                     id="a number of the title is a name's"),
    ],
)  # fmt: skip
def test_what_a_title_holds_is_not_contradicted(claim: str, expected: Judged) -> None:
    span = "The old lease ended on 31 March 2026 after 9 years."
    titles = ("Lease agreement 5, 12 March 2021",)
    assert judge(ClaimView(text=claim, spans=(span,), titles=titles)) == expected


def test_several_spans_carry_a_claim_together() -> None:
    claim = "Acme of Brno made 7 tonnes."
    assert verdict(claim, "Acme is in Brno.", "The firm made 7 tonnes.") == "supported"
    assert verdict(claim, "Acme is in Brno.") == "unsupported"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param("Leave is approved by  the head.", "supported", id="white space aside"),
        pytest.param("Leave is approved by the head", "supported", id="without its full stop"),
        pytest.param("Leave is granted by the head.", "unsupported", id="another word"),
    ],
)
def test_quoted_claims_are_their_spans_words(claim: str, expected: Verdict) -> None:
    span = "As said: Leave is approved\nby the head."
    assert judge(ClaimView(text=claim, spans=(span,), quoted=True)).verdict == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param("Steel rusts in salt water.", "supported", id="the same words"),
        pytest.param("Steel never melts under pressure.", "partly", id="one word of four"),
        pytest.param("Bees like honey.", "unsupported", id="no word"),
    ],
)
def test_claims_without_facts_are_judged_by_their_words(claim: str, expected: Verdict) -> None:
    assert verdict(claim, "In salt water steel rusts fast.") == expected


@pytest.mark.parametrize("spans", [(), ("",), (" \n",)])
def test_a_claim_without_spans_is_unsupported(spans: tuple[str, ...]) -> None:
    judged = judge(ClaimView(text="Iron rusts.", spans=spans))
    assert judged == Judged(verdict="unsupported", reason="it cites no span")


def test_parts_of_a_quotation_stand_in_order() -> None:
    span = "He said that nothing was lost and all was found."
    assert verdict('He said "nothing was lost … all was found".', span) == "supported"
    assert verdict('He said "all was found … nothing was lost".', span) == "unsupported"


async def test_one_verdict_a_claim_in_order() -> None:
    claims = (
        ClaimView(text="It has 3 doors.", spans=("It has 3 doors.",)),
        ClaimView(text="It has 3 doors.", spans=("It has 4 doors.",)),
    )
    judged = await ExtractiveVerifier().judge(claims)
    assert [one.verdict == "supported" for one in judged] == [True, False]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_judged(claim: str, span: str) -> None:
    judged = judge(ClaimView(text=claim, spans=(span,)))
    assert bool(judged.reason) is (judged.verdict != "supported")


SENTENCES = (
    "Eva Nováková was born on 2 November 1932 in Ostrava.",
    "It made 4.2 million tonnes in 1950-54, 12 % more than before.",
    'The A320 of J. R. Smith (v2.3.1) is "not for sale", he said on Nov. 2nd.',
    "Am 2.11.1932 kostete es 1.234,50 €; die Firma hatte dreihundert Arbeiter.",
    "北京有 2,154 万人口。",
    "between 5 and 10 kilometres, or −3 °C at 9:30",
)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
def test_a_text_supports_itself(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert judge(ClaimView(text=text, spans=(text,))).verdict == "supported"


ZH = (
    "韦尔马港于1987年5月12日由工程师阿达·诺林开放。港口有四个码头和一个干船坞。"
    "2021年，该港口接待了4300艘船，其中812艘是渡轮。"
)
JA = (
    "ヴェルマー港は1987年5月12日に技師アダ・ノルリンによって開港された。"
    "港には四つの埠頭と一つの乾ドックがある。"
)
RU = (
    "Гавань Вельмар была открыта 12 мая 1987 года инженером Ириной Норлинг. "
    "В 2021 году гавань приняла 4300 судов, из них 812 паромов."
)
TH = "ท่าเรือเวลมาร์เปิดโดยวิศวกรเอดา นอร์ลิง ท่าเรือมีท่าเทียบเรือสี่แห่ง"


@pytest.mark.parametrize(
    ("claim", "span"),
    [
        pytest.param(ZH.partition("。")[0], ZH, id="Chinese, copied"),
        pytest.param("开放韦尔马港的是工程师阿达·诺林。", ZH, id="Chinese, in other words"),
        pytest.param("该港口共有四个码头以及一个干船坞。", ZH, id="Chinese, without a fact"),
        pytest.param("2021年港口共接待船舶4300艘。", ZH, id="Chinese, a number among the words"),
        pytest.param("5月12日，港口开放。", ZH, id="Chinese, a day without its year"),
        pytest.param(JA.partition("。")[0], JA, id="Japanese, copied"),
        pytest.param("技師アダ・ノルリンが港を開いた。", JA, id="Japanese, in other words"),
        pytest.param("開港は1987年5月12日。", JA, id="Japanese, a date"),
        pytest.param(RU.partition(". ")[0], RU, id="Russian, copied"),
        pytest.param("Инженер Ирина Норлинг открыла гавань Вельмар 12 мая 1987 года.", RU,
                     id="Russian, names in another case"),
        pytest.param("Гавань открыта инженером.", RU, id="Russian, without a fact"),
        pytest.param("В 2021 году в гавань зашли 4300 судов.", RU, id="Russian, a number"),
        pytest.param("ท่าเรือนี้มีท่าเทียบเรือทั้งหมดสี่แห่ง", TH, id="Thai, in other words"),
        pytest.param("韦尔马港于1987年5月12日开放。", "It was opened on 12 May 1987.", id="a date "
                     "in another script"),
    ],
)  # fmt: skip
def test_true_claims_of_other_scripts_are_supported(claim: str, span: str) -> None:
    assert judge(ClaimView(text=claim, spans=(span,))) == Judged(verdict="supported")


@pytest.mark.parametrize(
    ("claim", "span", "expected", "reason"),
    [
        pytest.param("韦尔马港于1988年5月12日开放。", ZH, "contradicted",
                     "1988年5月12日: its spans say 1987年5月12日 there", id="Chinese, a date"),
        pytest.param("2021年，该港口接待了5300艘船。", ZH, "contradicted",
                     "5300: its spans say 4300 there", id="Chinese, a number"),
        pytest.param("这位钢琴家出生在巴黎的一个音乐世家。", ZH, "unsupported",
                     "6% of its wording occurs in its spans", id="Chinese, something else"),
        pytest.param("ヴェルマー港は1988年に開港された。", JA, "contradicted",
                     "1988: its spans say 1987 there", id="Japanese, a year"),
        pytest.param("彼女はパリの音楽一家に生まれた。", JA, "unsupported",
                     "7% of its wording occurs in its spans", id="Japanese, something else"),
        pytest.param("Гавань Вельмар открыта 13 мая 1987 года.", RU, "contradicted",
                     "13 мая 1987: its spans say 12 мая 1987 there", id="Russian, a date"),
        pytest.param("Гавань открыл Петр Норлинг.", RU, "unsupported",
                     "not in its spans: Петр Норлинг", id="Russian, a first name"),
        pytest.param("Гавань открыл Адам Лунд.", "Гавань открыта Адой Лунд.", "partly",
                     "less exact in its spans: Адам Лунд", id="Russian, a stem of two letters"),
        pytest.param("对不起，我只能用中文回答这个问题。", EVA, "unsupported", OTHER_SCRIPT,
                     id="Chinese of an English span: its words say nothing either way"),
        pytest.param("It has a dry dock.", ZH, "unsupported", OTHER_SCRIPT,
                     id="English of a Chinese span"),
    ],
)  # fmt: skip
def test_false_claims_of_other_scripts_are_caught(
    claim: str, span: str, expected: Verdict, reason: str
) -> None:
    judged = judge(ClaimView(text=claim, spans=(span,)))
    assert (judged.verdict, judged.reason) == (expected, reason)
