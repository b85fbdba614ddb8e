"""Settings have their former names for one release, with a warning, wherever they are given."""

from pathlib import Path

import pytest

from ingest.core.errors import Misconfigured
from ingest.core.settings import FORMER_NAMES, Settings, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_former_name_is_of_a_setting_and_of_none() -> None:
    assert set(FORMER_NAMES.values()) <= set(Settings.model_fields)
    assert not FORMER_NAMES.keys() & Settings.model_fields.keys()


def test_a_variable_by_its_former_name_counts_and_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("INGEST_HOST_GAP_SECONDS", "7")
    monkeypatch.setenv("INGEST_HOST_GAPS", '{"www.gazette.example": 5}')

    found = load_settings()

    assert (found.host_delay_seconds, found.host_delays) == (7, {"www.gazette.example": 5})
    assert "INGEST_HOST_GAP_SECONDS is INGEST_HOST_DELAY_SECONDS now" in caplog.text
    assert unknown_variables() == {}


def test_a_file_by_former_names_counts_and_variables_win_over_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "ingest.toml").write_text("release_share = 0.2\nreading_processes = 3\n", encoding="utf-8")
    monkeypatch.setenv("INGEST_PARSE_PROCESSES", "1")

    found = load_settings()

    assert (found.release_time_share, found.parse_processes) == (0.2, 1)
    assert "INGEST_RELEASE_SHARE is INGEST_RELEASE_TIME_SHARE now" in caplog.text


def test_the_name_of_now_wins_over_the_former_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_STOPPED_DAYS", "3")
    monkeypatch.setenv("INGEST_REJECTED_DAYS", "4")

    assert load_settings().rejected_days == 4


def test_a_name_that_was_never_one_is_refused_by_name(folder: Path) -> None:
    (folder / "ingest.toml").write_text("relese_share = 0.2\n", encoding="utf-8")

    with pytest.raises(Misconfigured, match="relese_share: Extra inputs are not permitted"):
        load_settings()
