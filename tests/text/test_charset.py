"""Bytes become the text that a reader would have seen."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.charset import decode, decode_page, decoded_again


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Año “nuevo”".encode(), "text/html; charset=utf-8"),
        ("Año “nuevo”".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        ("Año “nuevo”".encode(), "text/html; charset=ISO-8859-1"),
        (codecs.BOM_UTF8 + "Año “nuevo”".encode(), "text/html; charset=windows-1251"),
        ("Año “nuevo”".encode("utf-16"), None),
        ("Año “nuevo”".encode(), None),
        ("Año “nuevo”".encode(), "text/html; charset=hex"),
    ],
)
def test_the_text_is_read_whatever_the_label(body: bytes, content_type: str | None) -> None:
    assert decode(body, content_type) == "Año “nuevo”"


def test_text_that_was_encoded_twice_is_decoded_twice() -> None:
    text = "El señor Muñoz dijo “sí” – Ольга 東京"

    assert decode(text.encode().decode("latin-1").encode(), "text/html; charset=utf-8") == text
    assert decoded_again("El seÃ±or MuÃ±oz dijo â€œno lo sÃ©â€¦") == "El señor Muñoz dijo “no lo sé…"


@pytest.mark.parametrize(
    "text", ["“CAFÉ”, «BEBÉ», MANHÃ”", "Why “Ã±” is a broken ñ – and “Ã©” a broken é", "São Paulo"]
)
def test_text_that_was_encoded_once_stays_as_it_is(text: str) -> None:
    assert decode(text.encode(), None) == text


def test_a_declaration_in_the_page_is_obeyed() -> None:
    body = '<meta charset="windows-1251"><p>Привет'.encode("cp1251")

    assert decode(body, None).endswith("Привет")


def test_undeclared_japanese_is_recognised() -> None:
    body = "<p>川の水位が上がり、約四千人が避難した。港は三日間閉鎖される。</p>".encode("shift_jis")

    assert "避難した" in decode(body, "text/html")


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=30)))
def test_any_bytes_become_text_without_nuls(body: bytes, label: str | None) -> None:
    text = decode(body, None if label is None else f"text/html; charset={label}")

    assert "\x00" not in text


@pytest.mark.parametrize("content_type", [None, "text/html; charset=iso-8859-1"])
def test_a_few_spoilt_bytes_do_not_make_utf_8_another_encoding(content_type: str | None) -> None:
    spoilt = (
        "<p>La situation était préoccupante à l’été, où les ".encode() + b"\xff\xc3 " + "Français espèrent</p>".encode()
    )

    assert "où les \ufffd\ufffd Français espèrent" in decode_page(spoilt, content_type)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
def test_wide_characters_are_known_without_a_mark(encoding: str, content_type: str | None) -> None:
    written = "<html><body><p>Señor Muñoz said that it would cost “€5”.</p></body></html>"

    assert decode_page(written.encode(encoding), content_type) == written
