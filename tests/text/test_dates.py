"""A date means the same moment however a newsroom writes it, and no moment is made up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.dates import read_date

MORNING = datetime(2026, 11, 16, 13, 5, tzinfo=UTC)


def test_what_was_written_is_given_back_whole_however_much_stands_behind_the_date() -> None:
    text = f"2026-11-16T13:05:00Z {'x' * 1_000}"

    read = read_date(f" {text} ", timezone="UTC")

    assert read is not None
    assert (read.moment, read.raw) == (MORNING, text)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 16 Nov 2026 13:05:00 GMT",
        "Mon,16 Nov 2026 13:05:00 UT",
        "16 Nov 26 13:05 Z",
        "Tue, 16 Nov 2026 08:05:00 EST",
        "lun., 16 nov. 2026 10:05:00 ART",
        "seg, 16 nov 2026 10:05:00 BRT",
        "2026-11-16T13:05:00Z",
        "2026-11-16T10:05:00.000-03:00",
        "2026-11-16T14:05:00+0100[Europe/Madrid]",
        "20261116T130500Z",
        "2026/11/16 13:05:00 +0000",
        "Mon Nov 16 13:05:00 UTC 2026",
        "Updated 8:05 a.m. ET, Mon November 16th, 2026",
        "16 de noviembre de 2026 a las 13:05 UTC",
        "noviembre 16 de 2026, 1:05 p. m. GMT",
        "16 de novembro de 2026 às 13h05 GMT",
        "le 16 novembre 2026 à 13h05 GMT",
        "16. November 2026, 14.05 MEZ",
        "16. 11. 2026 14:05 MEZ",
        "16.11. 2026, 13:05 UTC",
        "2026年11月16日 下午1:05 UTC",
        "2026년 11월 16일 13:05 UTC",
        "1794834300",
        "1794834300000",
        "1794834300.250",
        "1794834300000000",
        "mon, 16 nov 2026 13:05:00 gmt",
        "2026-11-16t13:05z",
        "Mon, 16 Nov 126 13:05:00 GMT",
        "Mon Nov 16 13:05:00 2026 GMT",
        "Mon, 16 Nov 2026 10:05:00 America/Argentina/Buenos_Aires",
        "2026-11-16T14:05:00[Europe/Madrid]",
        "Mon, 16 Nov 2026 13:05:00 Etc/GMT",
        "2026-W47-1T13:05:00Z",
        "2026W471T130500Z",
        "2026-320T10:05:00-03",
        "2026320T1305Z",
        "2026-11-16T13:05:00,500Z",
        "20261116T100500-0300",
        "Mon,16 Nov 2026 22:5:0 GMT+9",
    ],
)
def test_one_moment_is_read_from_every_writing(text: str) -> None:
    read = read_date(text, timezone="Asia/Tokyo")

    assert read is not None
    assert (read.moment, read.zone_assumed) == (MORNING, False)


@pytest.mark.parametrize(
    "text",
    [
        "November 16, 20269:05 AM ET",
        "16. November 202618. November 2026",
        "16 de noviembre de 202600:00 hs",
        "November 16, 20263 years",
        "16/11/202609:05",
        "10:05am, 16 Nov, 2026",
        "5 min 16 Nov 2026",
        "North 09:31 November 16, 2026",
        "11h31 November 16, 2026",
    ],
)
def test_the_day_is_told_from_the_figures_around_it(text: str) -> None:
    read = read_date(text, timezone="UTC")

    assert read is not None
    assert str(read.local_day) == "2026-11-16"


@pytest.mark.parametrize(
    "text",
    [
        "16 जून 2026",
        "१६ जून २०२६",
        "১৬:২০, ১৬ জুন ২০২৬",
        "মঙ্গলবার, জুন ১৬, ২০২৬",
        "16 มิ.ย. 2569",
        "วันที่ 16 มิถุนายน พ.ศ. 2569 เวลา 13:05 น.",
        "16 ஜூன் 2026",
        "16 جون 2026",
        "16 حزيران 2026",
        "2026. gada 16. jūnijs",
        "2026 m. birželio 16 d.",
        "16 qershor 2026",
        "16 јуни 2026",
        "16 чэрвеня 2026",
        "16 iyun 2026",
        "Hunyo 16, 2026",
        "16 հունիսի 2026",
        "16 ივნისი, 2026",
    ],
)
def test_a_day_is_read_in_many_scripts(text: str) -> None:
    read = read_date(text, timezone="UTC")

    assert read is not None
    assert str(read.local_day) == "2026-06-16"


@pytest.mark.parametrize(
    ("text", "offset_minutes"),
    [
        ("2026-07-01 10:00", -240),
        ("2026-12-01 10:00", -300),
        ("Feb 14, 2016 10:47 AM", -300),
        ("31/12/2026", -300),
        ("20261201100000", -300),
        ("2026-12-01 10:00 Nowhere/Land", -300),
        ("2026-07-01 10:00 xyz", -240),
    ],
)
def test_a_date_without_a_zone_is_local_to_its_source(text: str, offset_minutes: int) -> None:
    read = read_date(text, timezone="America/New_York")

    assert read is not None
    assert (read.offset_minutes, read.zone_assumed) == (offset_minutes, True)


@pytest.mark.parametrize(
    ("timezone", "language", "month"),
    [
        ("America/New_York", "en", 2),
        ("America/New_York", None, 2),
        ("America/New_York", "es", 3),
        ("Europe/London", "en", 3),
        ("America/Sao_Paulo", "pt", 3),
    ],
)
def test_the_month_stands_first_in_american_english_alone(timezone: str, language: str | None, month: int) -> None:
    read = read_date("02/03/2026 12:00", timezone=timezone, language=language)

    assert read is not None
    assert read.moment.month == month


@pytest.mark.parametrize("letter", ["A", "M", "N", "Y"])
def test_a_military_zone_is_utc_by_assumption_for_half_the_world_had_it_wrong(letter: str) -> None:
    read = read_date(f"Mon, 16 Nov 2026 13:05:00 {letter}", timezone="America/Lima")

    assert read is not None
    assert (read.moment, read.zone_assumed) == (MORNING, True)


def test_a_day_without_a_time_is_its_first_moment_there() -> None:
    read = read_date("2016-02-14", timezone="America/New_York")

    assert read is not None
    assert (read.moment, read.is_day) == (datetime(2016, 2, 14, 5, tzinfo=UTC), True)


def test_the_local_day_is_the_writers_day() -> None:
    read = read_date("2026-11-16T23:30:00-03:00", timezone="UTC")

    assert read is not None
    assert (read.moment.day, read.local_day.day) == (17, 16)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Nov 16",
        "Feb 30, 2026",
        "2026-13-01",
        "2026-11-16 25:00",
        "Mon, 16 Nov 2026 10:00:00 +9900",
        "0001-01-01",
        "2026-02-30T10:00:00Z",
        "2026-366",
        "2026-W54-1",
        "2026-11-16T24:01:00Z",
        "2026-11-16T10:00:61Z",
        "Mon, 16 Nov 2026 10:00:00 +1500",
        "Posted in 2026 by 12 people",
        "Am Samstag, 12. Februar, 20.30 Uhr",
        "le 12 février, 20 h 30",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_date(text, timezone="UTC") is None


@given(st.text(max_size=80), st.sampled_from(["UTC", "America/Lima", "no such zone"]))
def test_any_text_is_a_date_or_none(text: str, timezone: str) -> None:
    read = read_date(text, timezone=timezone)

    assert read is None or read.moment.tzinfo is UTC


@given(st.integers(90_000, 4_000_000_000))
def test_what_we_write_ourselves_we_read_back(seconds: int) -> None:
    whole = datetime.fromtimestamp(seconds, UTC)

    read = read_date(whole.isoformat(), timezone="America/Lima")

    assert read is not None
    assert read.moment == whole
