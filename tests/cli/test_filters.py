"""The JSON Lines filters stream, keep order and never stop for a bad line."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command import INGEST, ingest, surroundings

pytestmark = pytest.mark.integration

PAGE = """<!doctype html><html lang="en"><head><title>Pier rebuilt - The Gazette</title>
<meta property="article:published_time" content="2026-11-16T08:00:00-05:00"><meta name="author" content="Ana Ruiz">
</head><body><article><h1>Pier rebuilt</h1>
<p>The pier was rebuilt in fourteen months, and the town paid for nearly all of it out of harbor fees.</p>
<p>Boats from three islands will land there again from Monday, the harbor master told the council at its meeting.</p>
<p>The old pier had been closed since the storm, which took its roof and most of its planks.</p>
</article></body></html>"""


def lines(*asked: object) -> bytes:
    return b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in asked)


def told(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def a_page(key: object, html: bytes = PAGE.encode()) -> dict[str, object]:
    return {"id": key, "url": "https://gazette.example/pier", "html_base64": base64.b64encode(html).decode()}


def a_sentence(key: object, text: str = "The pier cost $5 million.") -> dict[str, object]:
    return {"id": key, "lang": "en", "text": text}


def test_a_page_comes_out_as_an_article(tmp_path: Path) -> None:
    ran = ingest("parse", "--jsonl", cwd=tmp_path, stdin=lines(a_page("pier")))
    (article,) = told(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert {name: article[name] for name in ("id", "title", "authors", "published", "language")} == {
        "id": "pier",
        "title": "Pier rebuilt",
        "authors": ["Ana Ruiz"],
        "published": "2026-11-16T08:00:00-05:00",
        "language": "en",
    }
    assert [paragraph.split()[0] for paragraph in article["paragraphs"]] == ["The", "Boats", "The"]
    assert article["body"] == "\n\n".join(article["paragraphs"])


def test_a_page_is_explained_by_what_was_weighed(tmp_path: Path) -> None:
    ran = ingest("parse", "--explain", cwd=tmp_path, stdin=lines(a_page("pier")))
    (article,) = told(ran.out)
    offered = [(one["field"], one["value"], one["evidence"], one["won"]) for one in article["candidates"]]

    assert (ran.code, article["title"], article["evidence"]["authors"]) == (0, "Pier rebuilt", "meta author")
    assert ("title", "Pier rebuilt", "visible headline, as title element says", True) in offered
    assert ("authors", "Ana Ruiz", "meta author", True) in offered
    assert ("published_at", "2026-11-16T13:00:00+00:00", "meta article:published_time", True) in offered


def test_a_sentence_comes_out_as_figures(tmp_path: Path) -> None:
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines(a_sentence(7)))
    (answer,) = told(ran.out)
    (figure,) = answer["figures"]

    assert (ran.code, ran.err, answer["id"]) == (0, "", 7)
    assert (figure["text"], figure["value"], figure["kind"], figure["unit"]) == (
        "$5 million",
        5_000_000,
        "money",
        "USD",
    )
    assert a_sentence(7)["text"][figure["start"] : figure["end"]] == figure["text"]  # type: ignore[index]


def test_a_source_carried_from_another_sentence_stands_apart(tmp_path: Path) -> None:
    text = "Ana Ruiz said the pier was gone. She said 40 boats had come back."
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines({"id": 1, "lang": "en", "text": text}))
    ((figure,),) = (answer["figures"] for answer in told(ran.out))

    assert (figure["attributed_to"], figure["attribution_carried"]) == (None, "Ana Ruiz")
    assert figure["flags"] == ["attribution_carried"]


def test_who_said_it_stands_beside_the_outlet_that_passed_it_on(tmp_path: Path) -> None:
    text = "Ana Ruiz told Reuters that 40 boats had come back."
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines({"id": 1, "lang": "en", "text": text}))
    ((figure,),) = (answer["figures"] for answer in told(ran.out))

    assert (figure["attributed_to"], figure["originator"], figure["relayed_by"]) == ("Ana Ruiz", "Ana Ruiz", "Reuters")


def test_a_country_decides_what_a_separator_means(tmp_path: Path) -> None:
    asked = [
        {"id": country, "lang": "es", "country": country, "text": "El puente costó 1.234 millones."}
        for country in ("AR", "MX")
    ]
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines(*asked))
    values = [[figure["value"] for figure in answer["figures"]] for answer in told(ran.out)]

    assert values == [[1_234_000_000], [1_234_000]]


@pytest.mark.parametrize(
    ("context", "value", "flags"),
    [
        (None, 1_234_000_000, ["currency_assumed", "separator_assumed"]),
        ("El dólar subió 2.5%, dijo el banco.", 1_234_000, ["currency_assumed"]),
        (["Los pesos cayeron.", "La tasa es de 2,5%."], 1_234_000_000, []),
    ],
)
def test_the_rest_of_an_article_decides_before_its_country(
    tmp_path: Path, context: object, value: int, flags: list[str]
) -> None:
    asked = {"id": 1, "lang": "es", "country": "AR", "text": "El puente costó $ 1.234 millones.", "context": context}
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines(asked))
    (figure,) = told(ran.out)[0]["figures"]

    assert (figure["value"], figure["unit"], figure["flags"]) == (value, "ARS", flags)


def test_a_context_that_is_no_text_is_an_error_by_name(tmp_path: Path) -> None:
    ran = ingest("figures", "--jsonl", cwd=tmp_path, stdin=lines({**a_sentence(1), "context": 5}))

    assert told(ran.out) == [{"id": 1, "error": "line 1: context must be text or a list of texts, not int"}]


@pytest.mark.parametrize("command", ["parse", "figures"])
def test_bad_lines_are_answered_in_their_place(tmp_path: Path, command: str) -> None:
    good = a_page if command == "parse" else a_sentence
    asked = lines(
        good("first"),
        b"not json\n",
        b"[1, 2]\n",
        b"\n",
        {"id": "bare"},
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        {"id": "odd", "url": 3, "html_base64": "???", "text": None},
        good("last"),
    )
    ran = ingest(command, "--jsonl", cwd=tmp_path, stdin=asked)
    answers = told(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert [(answer["id"], "error" in answer) for answer in answers] == [
        ("first", False),
        (None, True),
        (None, True),
        ("bare", True),
        (None, True),
        (None, True),
        ("odd", True),
        ("last", False),
    ]
    assert answers[1]["error"].startswith("line 2: not JSON")


def test_addresses_in_a_page_may_be_none(tmp_path: Path) -> None:
    odd = PAGE.replace("<head>", '<head><base href="http://[/"><link rel="canonical" href="http://[">').replace(
        "The old pier", '<a href="http://[">The</a> <img src="//:x"><a href="http://a:b/">old</a> pier'
    )
    ran = ingest("parse", "--jsonl", cwd=tmp_path, stdin=lines(a_page("odd", odd.encode())))

    assert (ran.code, ran.err) == (0, "")
    assert told(ran.out)[0]["title"] == "Pier rebuilt"


def test_an_address_that_is_none_is_answered(tmp_path: Path) -> None:
    asked = [a_page("pier") | {"url": url} for url in ("http://[", "", "no address", "http://a b:c/")]
    ran = ingest("parse", "--jsonl", cwd=tmp_path, stdin=lines(*asked, a_page("last")))

    assert (ran.code, ran.err) == (0, "")
    assert [answer["id"] for answer in told(ran.out)] == ["pier", "pier", "pier", "pier", "last"]
    assert "error" not in told(ran.out)[-1]


@pytest.mark.parametrize(
    "html", [b"", b"<", b"\x00\x01\x02", b"<html>", b"\xff" * 1000, b"<div>" * 20_000, b"<p>" + b"&" * 50_000]
)
def test_bytes_that_hold_no_article_are_answered(tmp_path: Path, html: bytes) -> None:
    ran = ingest("parse", "--jsonl", cwd=tmp_path, stdin=lines(a_page("odd", html), a_page("last")))
    answers = told(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert [answer["id"] for answer in answers] == ["odd", "last"]
    assert "error" not in answers[1]


@pytest.mark.parametrize("command", ["parse", "figures"])
def test_a_line_is_answered_before_the_next_is_sent(tmp_path: Path, command: str) -> None:
    good = a_page if command == "parse" else a_sentence
    with subprocess.Popen(
        [INGEST, command, "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=surroundings({}),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        answered = []
        for key in range(3):
            process.stdin.write(lines(good(key)))
            process.stdin.flush()
            answered.append(json.loads(process.stdout.readline())["id"])
        process.stdin.close()

    assert answered == [0, 1, 2]
    assert process.returncode == 0


def test_a_reader_who_leaves_ends_the_filter_in_peace(tmp_path: Path) -> None:
    with subprocess.Popen(
        [INGEST, "figures", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=surroundings({}),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(lines(a_sentence(1)))
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write(lines(*(a_sentence(key) for key in range(1000))))
            process.stdin.close()
        except BrokenPipeError:
            pass
        said = process.stderr.read()

    assert b"Traceback" not in said


def test_nothing_in_is_nothing_out(tmp_path: Path) -> None:
    ran = ingest("figures", "--jsonl", cwd=tmp_path)

    assert (ran.code, ran.out, ran.err) == (0, "", "")
