"""Exchange rates ship, a person's own stand in their place, and a file that is wrong says where."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.core.errors import Misconfigured
from ingest.warehouse import releases
from ingest.warehouse.extras import Extras
from ingest.warehouse.rates import COLUMNS, SHIPPED, exchange_rates, read_rates
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON
from tests.state import state_of

HEADER = ",".join(COLUMNS)
OWN = "MXN,18.5,2026-01-01,2026-12-31,yearly_average,Example Bank"


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def test_every_rate_that_ships_names_its_source_and_its_days() -> None:
    rates = exchange_rates(None)

    assert len({rate.currency for rate in rates}) > 20
    assert [rate for rate in rates if rate.basis != "fixed" and rate.valid_to is None] == []
    assert SHIPPED.endswith(".csv")


def test_own_rates_stand_in_place_of_ours_for_their_currencies_alone(tmp_path: Path) -> None:
    rates = exchange_rates(written(tmp_path / "rates.csv", OWN))

    assert [(rate.per_usd, rate.source) for rate in rates if rate.currency == "MXN"] == [
        (Decimal("18.5"), "Example Bank")
    ]
    assert [rate.per_usd for rate in rates if rate.currency == "XCD"] == [Decimal("2.7")]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["pesos,18.5,2026-01-01,,fixed,Bank"], "line 2: 'pesos' is no ISO 4217 code, such as MXN"),
        (["MXN,0,2026-01-01,,fixed,Bank"], "line 2: per_usd must be how many of it one dollar is, not 0"),
        (["MXN,NaN,2026-01-01,,fixed,Bank"], "line 2: per_usd must be how many of it one dollar is, not NaN"),
        ([OWN, "EUR,much,2026-01-01,,fixed,Bank"], "line 3"),
        (["MXN,18.5,yesterday,,fixed,Bank"], "line 2: Invalid isoformat string: 'yesterday'"),
        (["MXN,18.5,2026-02-01,2026-01-01,fixed,Bank"], "line 2: valid_to 2026-01-01 is before valid_from 2026-02-01"),
        (["MXN,18.5,2026-02-01,,spot,Bank"], "line 2: basis must be one of fixed, yearly_average"),
        (["MXN,18.5,2026-02-01,,fixed,"], "line 2: the source must be named"),
        (["MXN,18.5"], "line 2"),
        ([OWN, OWN], "two rates of MXN stand for 2026-01-01"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, lines: list[str], complaint: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        read_rates(written(tmp_path / "rates.csv", *lines))

    assert f"rates.csv, {complaint}" in str(refused.value) or complaint in str(refused.value)


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("currency,rate\nMXN,18.5\n", encoding="utf-8")

    with pytest.raises(Misconfigured, match=f"the first line must be {HEADER}, not currency,rate"):
        read_rates(tmp_path / "rates.csv")


def test_rates_that_have_changed_are_released(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    state = state_of(warehouse)
    releases.release_file(state, warehouse, NOON)
    rates = exchange_rates(written(tmp_path / "rates.csv", OWN))
    warehouse.extras = Extras(rates=rates)
    is_due = not releases.is_released(state, warehouse, NOON)
    releases.release_file(state, warehouse, NOON + timedelta(minutes=1))
    warehouse.close()

    assert is_due
    with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
        assert connection.execute("select per_usd from exchange_rates where currency = 'MXN'").fetchall() == [
            (Decimal("18.500000"),)
        ]
