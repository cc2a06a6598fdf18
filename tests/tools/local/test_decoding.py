"""Bytes to text: the encodings that files are really in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.local.decoding import decode

GERMAN = "Die Größe der Flüsse: Donau, Rhein. Öffentliche Gebäude müssen geprüft werden. "
SWEDISH = "Håkan åkte över ön på sjön i Malmö. "
POLISH = "Zażółć gęślą jaźń, miasto leży nad rzeką i zostało założone sto lat temu. "
CZECH = "Město leží na řece a bylo založeno před více než sto lety; je střediskem obchodu. "
RUSSIAN = "Город стоит на реке и является важным центром торговли. "
JAPANESE = "東京は日本の首都であり、世界最大の都市の一つです。"
CHINESE = "北京是中华人民共和国的首都，有很长的历史。"
KOREAN = "서울은 대한민국의 수도이며 가장 큰 도시이다. "


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        pytest.param("latin-1", "Café", id="one accent in Latin-1"),
        pytest.param("latin-1", "naïve " + "plain English follows " * 50, id="one accent in much"),
        pytest.param("latin-1", GERMAN, id="German in Latin-1"),
        pytest.param("latin-1", GERMAN * 9, id="much German in Latin-1"),
        pytest.param("latin-1", SWEDISH * 4, id="Swedish in Latin-1"),
        pytest.param("cp1252", "“Quoted” – dash … it’s 5 €", id="curly quotes of Windows"),
        pytest.param("cp1250", POLISH, id="Polish of Windows"),
        pytest.param("cp1250", CZECH * 3, id="Czech of Windows"),
        pytest.param("cp1251", RUSSIAN, id="Russian of Windows"),
        pytest.param("koi8-r", RUSSIAN, id="Russian of Unix"),
        pytest.param("shift_jis", JAPANESE, id="Japanese of Windows"),
        pytest.param("gb18030", CHINESE, id="simplified Chinese"),
        pytest.param("euc_kr", KOREAN, id="Korean"),
        pytest.param("utf-16-le", GERMAN, id="UTF-16 without a mark"),
        pytest.param("utf-16-be", GERMAN, id="big-endian UTF-16 without a mark"),
    ],
)
def test_an_encoding_is_found_and_named(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.raw == text
    assert [change.partition(":")[0] for change in decoded.changes] == ["encoding"]


@pytest.mark.parametrize(
    ("data", "text", "changes"),
    [
        pytest.param(b"plain", "plain", {}, id="ASCII"),
        pytest.param("é".encode(), "é", {}, id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfa", "a", {"bom": 1}, id="UTF-8 with a mark"),
        pytest.param(
            b"\xff\xfea\x00", "a", {"bom": 1, "encoding:utf-16-le": 1}, id="UTF-16 with a mark"
        ),
        pytest.param(
            b"\xfe\xff\x00a", "a", {"bom": 1, "encoding:utf-16-be": 1}, id="big-endian UTF-16"
        ),
        pytest.param(
            b"\xff\xfe\x00\x00a\x00\x00\x00",
            "a",
            {"bom": 1, "encoding:utf-32-le": 1},
            id="UTF-32 with a mark",
        ),
    ],
)
def test_marks_are_taken_off_and_counted(data: bytes, text: str, changes: dict[str, int]) -> None:
    decoded = decode(data)
    assert (decoded.raw, dict(decoded.changes)) == (text, changes)


@given(st.text())
def test_utf_8_is_always_read_as_utf_8(text: str) -> None:
    plain = text.replace("\x00", "").removeprefix("\ufeff")
    assert decode(plain.encode()).raw == plain


@given(st.binary(max_size=60))
def test_no_bytes_are_too_strange_to_decode(data: bytes) -> None:
    assert isinstance(decode(data).raw, str)
