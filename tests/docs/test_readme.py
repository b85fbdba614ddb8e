"""Every command of the README runs and says what the README says it does."""

from pathlib import Path

import pytest

from tests.docs.console import ROOT, Reader, Shown, commands, missing_lines

pytestmark = pytest.mark.integration


def test_a_newcomer_can_type_what_the_readme_shows(reader: Reader) -> None:
    wrong = []
    for shown in commands(ROOT / "README.md"):
        written = reader.type(shown)
        wrong += [f"{shown.line}: {line}" for line in missing_lines(shown, written)]

    assert wrong == []


@pytest.mark.parametrize("line", ["curl https://example.org", "prefect profile ls", "ingest nonsense", "make nonsense"])
def test_a_command_that_cannot_be_run_is_not_passed_over(tmp_path: Path, line: str) -> None:
    with pytest.raises(AssertionError):
        Reader(folder=tmp_path).type(Shown(line=line))


def test_an_output_that_did_not_come_is_noticed() -> None:
    shown = Shown(line="ingest run", output=("62 entries came in: … rejected (…)", "50 … said so", "nothing else"))
    written = "7 entries  came in: 5 failed, 2 rejected (why)\n12 people said so\n"

    assert missing_lines(shown, written) == ["nothing else"]
