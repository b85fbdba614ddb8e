"""A snippet's words are what a reader would see of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.snippet import as_markup, plain_text, with_absolute_links


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ("Flood", "Flood"),
        ("Flood &amp; sea", "Flood & sea"),
        ("Flood &amp;amp; sea", "Flood &amp; sea"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One<br>two<br/>three", "One two three"),
        ("A <b>big</b>ger flood", "A bigger flood"),
        ("A<script>alert(1)</script><style>p{}</style><!-- no --> flood", "A flood"),
        ("<img src=x onerror=alert(1)>Flood", "Flood"),
        ("3 < 5 and 7 > 6", "3 < 5 and 7 > 6"),
        ("<p>Un\x0bclosed <i>and &#11;&#xD800; odd", "Unclosed and \ufffd odd"),
        ("<ul><li>One<li>Two</ul>", "One Two"),
        ("Flo\u200bod\ufeff \u202eand sea", "Flood and sea"),
        ("<>", "<>"),
        ("", ""),
    ],
)
def test_words_come_out_of_markup(snippet: str, expected: str) -> None:
    assert plain_text(snippet) == expected


@given(st.text(alphabet=st.characters(), max_size=200) | st.text(alphabet="<>/&#;! abp\x0b\ud800", max_size=60))
def test_no_snippet_breaks_the_reader(snippet: str) -> None:
    words = plain_text(snippet)

    assert words == " ".join(words.split())


def test_relative_links_are_resolved_and_the_rest_is_left() -> None:
    snippet = """<a href="/sea?a=1&amp;b=2">sea</a> <img src='boat.jpg'> <a href="#top">top</a> <a href="https://x.example">"""

    resolved = with_absolute_links(snippet, "https://g.example/2026/flood")

    assert resolved == (
        """<a href="https://g.example/sea?a=1&amp;b=2">sea</a> <img src='https://g.example/2026/boat.jpg'> """
        """<a href="#top">top</a> <a href="https://x.example">"""
    )


def test_text_becomes_paragraphs() -> None:
    assert as_markup("One <b>.\n\n \nTwo.") == "<p>One &lt;b&gt;.</p><p>Two.</p>"
