"""The pictures of README and docs are there, are shown, are said in words, and fetch nothing."""

import re

import pytest

from tests.docs.console import ROOT, documents

pytestmark = pytest.mark.integration

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 400_000

_MARKDOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_HTML = re.compile(r'(?:src|srcset)="([^"]+)"')


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    shown = set()
    for page in documents():
        text = page.read_text(encoding="utf-8")
        for address in [*(found for _, found in _MARKDOWN.findall(text)), *_HTML.findall(text)]:
            shown.add((page.parent / address).resolve())

    assert shown == {path for path in PICTURES.iterdir() if path.suffix in {".png", ".svg"}}


def test_every_picture_is_said_in_words() -> None:
    for page in documents():
        text = page.read_text(encoding="utf-8")
        assert all(len(words) > 20 for words, _ in _MARKDOWN.findall(text))
        assert all('alt="' in image for image in re.findall(r"<img [^>]+>", text))


def test_pictures_are_small_and_fetch_nothing() -> None:
    pictures = [path for path in PICTURES.iterdir() if path.suffix in {".png", ".svg"}]
    drawn = "".join(path.read_text(encoding="utf-8") for path in pictures if path.suffix == ".svg")

    assert sum(path.stat().st_size for path in pictures) <= MOST_BYTES
    assert "url(http" not in drawn
    assert "<image" not in drawn
