"""Commands that README and the operator's guides show are run, and those that cannot be run here are checked."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from ingest import cli
from tests.docs.console import ELSEWHERE, MADE, OPERATOR_GUIDES, ROOT, Block, Reader, blocks, commands, documents

pytestmark = pytest.mark.integration

PAGES = [ROOT / "README.md", *OPERATOR_GUIDES]
TYPED = [shown.line for page in PAGES for shown in commands(page)]
OPERATE = [block for page in OPERATOR_GUIDES for block in blocks(page)]
_COMMAND = re.compile(
    r"^(?:\$ |(?:export|ingest|prefect|make|pip|pipx|uv|uvx|docker|curl|sudo|createdb) )", re.MULTILINE
)
_CRON_FIELD = re.compile(r"(?:\*|\d+(?:-\d+)?(?:,\d+)*)(?:/\d+)?")
_INLINE = re.compile(r"`(ingest [a-z][^`]*)`")


def blocks_of(language: str) -> list[Block]:
    return [block for block in OPERATE if block.language == language]


def test_a_command_stands_only_where_it_is_run() -> None:
    silent = {"console", "sh", "crontab", "ini"}
    shown = [block for page in PAGES for block in blocks(page) if block.language not in silent]

    assert [block.text for block in shown if _COMMAND.search(block.text)] == []


def test_what_is_left_to_another_test_is_still_shown() -> None:
    assert set(ELSEWHERE) <= set(TYPED)


def test_the_line_of_the_crontab_takes_a_pass(operator: Reader) -> None:
    (block,) = blocks_of("crontab")
    *fields, command = block.text.strip().split(maxsplit=5)

    assert all(_CRON_FIELD.fullmatch(field) for field in fields)
    assert "entries came in" in operator.run(command)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_the_units_and_what_they_start_is_run(reader: Reader, tmp_path: Path) -> None:
    units = [(name, text) for block in blocks_of("ini") for name, text in units_of(block)]
    started = [
        line.rpartition("/")[2] for _, text in units for line in re.findall("^ExecStart=(.+)$", text, re.MULTILINE)
    ]
    for name, text in units:
        (tmp_path / name).write_text(text.replace("/srv/ingest", str(reader.folder)), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name, _ in units)],
        capture_output=True,
        text=True,
    )

    assert [name for name, _ in units] == ["ingest.service", "ingest.timer", "ingest-serve.service"]
    assert (verified.returncode, verified.stderr) == (0, "")
    assert set(started) <= set(TYPED)


def units_of(block: Block) -> Iterator[tuple[str, str]]:
    _, *parts = re.split(r"^# /etc/systemd/system/(\S+)\n", block.text, flags=re.MULTILINE)
    return zip(parts[::2], parts[1::2], strict=True)


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.stem)
def test_a_command_within_a_sentence_has_the_options_it_is_shown_with(page: Path) -> None:
    group = typer.main.get_command(cli.app)
    unknown = []
    for line in _INLINE.findall(page.read_text(encoding="utf-8")):
        command, words = group, shlex.split(line.replace("…", ""))[1:]
        while isinstance(command, typer.core.TyperGroup) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        said = {word.partition("=")[0] for word in words if word.startswith("--")}
        if (words and isinstance(command, typer.core.TyperGroup)) or said - known:
            unknown.append(line)

    assert unknown == []


def test_what_is_made_is_known() -> None:
    assert {line.removeprefix("make ") for line in TYPED if line.startswith("make ")} == set(MADE)
