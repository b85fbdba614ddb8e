"""`ingest verify` says what differs from what was published and captured, what to do, and ends when it is done."""

from pathlib import Path

import pytest

from tests.command import Ran, ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration


def verify(warehouse: Path, *arguments: str) -> Ran:
    return ingest("verify", "--json", *arguments, "--warehouse", warehouse, cwd=warehouse)


def test_a_run_leaves_what_can_be_verified(first_pass: FirstPass, tmp_path: Path) -> None:
    ran = verify(first_pass.copy_warehouse(tmp_path))
    release, articles, archive = ran.told

    assert (ran.code, ran.err) == (0, "")
    assert (release["verified"], release["healthy"], release["found"]) == ("what is published, rows", True, [])
    assert (articles["verified"], articles["healthy"], articles["found"]) == ("warehouse, articles", True, [])
    assert (archive["verified"], archive["healthy"], archive["found"]) == ("archive, captures", True, [])
    assert release["checked"] > 600
    assert articles["checked"] > 20
    assert archive["checked"] > 60


def test_what_cannot_be_read_is_shown_until_it_is_accepted(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    (warc,) = (warehouse / "archive").glob("*.warc.gz")
    warc.write_bytes(warc.read_bytes()[: warc.stat().st_size // 2])
    ran = verify(warehouse)
    accepted = verify(warehouse, "--accept-loss")
    again = verify(warehouse)

    assert (ran.code, accepted.code, again.code) == (1, 0, 0)
    assert warc.name in ran.told[2]["found"][0]
    assert ran.told[2]["to_do"].startswith("copy the files back from a backup")
    assert (again.told[2]["healthy"], again.told[2]["checked"] < ran.told[2]["checked"]) == (True, True)
