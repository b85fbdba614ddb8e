"""Days in a row as charts."""

from datetime import date

from ingest.report.charts import Peak, columns, days_up_to, dots, line, peak

LAST = date(2026, 11, 26)
DAYS = [date(2026, 11, 24), date(2026, 11, 25), LAST]


def test_days_end_with_the_last_and_begin_no_earlier_than_it_all_did() -> None:
    assert days_up_to(LAST, most=30, begun=date(2026, 1, 1))[0] == date(2026, 10, 28)
    assert days_up_to(LAST, most=30, begun=date(2026, 11, 10))[0] == date(2026, 11, 10)


def test_a_chart_has_a_week_even_on_the_first_day_unless_fewer_days_are_wanted() -> None:
    assert len(days_up_to(LAST, most=30, begun=LAST)) == 7
    assert len(days_up_to(LAST, most=30, begun=None)) == 7
    assert days_up_to(LAST, most=1, begun=LAST) == [LAST]


def test_the_highest_column_is_full_and_a_day_with_nothing_has_none() -> None:
    drawn = columns({DAYS[0]: 1_000, LAST: 1}, DAYS)

    assert [(one.day, one.height) for one in drawn] == [(DAYS[0], 1.0), (LAST, 0.03)]
    assert columns({}, DAYS) == []


def test_a_line_leaves_out_the_days_that_were_not_measured() -> None:
    placed = dots({DAYS[0]: 60, LAST: 120}, DAYS)

    assert line(placed) == "0.5,0.5 2.5,0"


def test_lags_of_nothing_lie_on_the_ground() -> None:
    assert line(dots({LAST: 0}, DAYS)) == "2.5,1"


def test_of_equal_peaks_the_last_is_named() -> None:
    assert peak({DAYS[0]: 7, DAYS[1]: 7, LAST: 1}) == Peak(day=DAYS[1], value=7)
    assert peak({}) is None
