"""Log lines, for people and for programs; what is secret is in neither."""

import json
import logging
import sys
from typing import Any

import pytest

from ingest.core.errors import TimedOut
from ingest.core.log_lines import in_the_course_of, line
from ingest.observability.logs import JsonLines, TextLines, Veil


def told(message: object, *, error: BaseException | None = None, secrets: tuple[str, ...] = ()) -> Any:
    said = JsonLines(Veil(secrets)).format(record(message, error=error))
    assert "\n" not in said
    return json.loads(said)


def thrown(error: Exception) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def record(message: object, *, error: BaseException | None = None) -> logging.LogRecord:
    thrown = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("ingest", logging.INFO, __file__, 1, message, (), thrown)


def test_a_line_is_an_object_with_its_keys_and_counts() -> None:
    with in_the_course_of(run_id="r1", stage="stage_batch", source_id="gazette"):
        said = told(line("staged", source="gazette", batch="b1", articles=3, unread=0, reason="because"))

    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "info",
        "logger": "ingest",
        "message": "staged source=gazette batch=b1 articles=3 unread=0 reason=because",
        "run_id": "r1",
        "stage": "stage_batch",
        "event": "staged",
        "source_id": "gazette",
        "batch_id": "b1",
        "counts": {"articles": 3, "unread": 0},
        "details": {"reason": "because"},
    }


def test_an_error_is_told_with_its_reason_on_the_same_line() -> None:
    said = told("it broke", error=thrown(TimedOut("no answer\nat all", about="gazette")))

    assert (said["error"]["type"], said["error"]["reason"]) == ("TimedOut", "timeout")
    assert said["error"]["detail"] == "no answer\nat all"
    assert "test_logs.py" in said["error"]["traceback"]


def test_keys_hold_in_the_block_alone() -> None:
    with in_the_course_of(run_id="r1"):
        with in_the_course_of(source_id="gazette"):
            inside = told("here")
        outside = told("there")

    assert (inside["run_id"], inside["source_id"]) == ("r1", "gazette")
    assert (outside["run_id"], "source_id" in outside) == ("r1", False)


SECRETS = (
    ("https://reader:hunter22@gazette.example/feed", "hunter22"),
    ("asked https://gazette.example/feed?token=hunter22&page=2", "hunter22"),
    ("https://gazette.example/?api_key=hunter22", "hunter22"),
    ("Authorization: Bearer hunter22", "hunter22"),
    ("{'Authorization': 'hunter22'}", "hunter22"),
    ("password=hunter22, more", "hunter22"),
    ("mailto://oncall:hunter22@example.org?to=desk", "hunter22"),
    ("our own hunter22", "hunter22"),
)


@pytest.mark.parametrize(("said", "secret"), SECRETS)
def test_no_secret_is_shown(said: str, secret: str) -> None:
    known = (secret,) if said.startswith("our own") else ()
    error = thrown(ValueError(said))
    as_json = json.dumps(told(line("failed", source="gazette", detail=said), error=error, secrets=known))
    as_text = TextLines(Veil(known)).format(record(said, error=error))

    assert secret not in as_json
    assert secret not in as_text


@pytest.mark.parametrize(
    "said",
    ["https://gazette.example/a?page=2&tokens", "entries=3 at 12:30 by desk@example.org", "password reset asked"],
)
def test_what_is_no_secret_is_shown(said: str) -> None:
    assert Veil().over(said) == said


def test_a_line_of_hostile_text_stays_one_line_of_json() -> None:
    said = JsonLines(Veil()).format(record('title "}\n{"level": "critical"}\u2028\x00'))

    assert len(said.split("\n")) == 1
    assert json.loads(said)["message"].startswith('title "}')
    assert sys.getsizeof(said) < 1_000
