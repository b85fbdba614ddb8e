"""A figure wrong by a factor of a thousand is quarantined, and the rest of its batch is published."""

import tomllib
from collections.abc import Callable
from dataclasses import replace

import duckdb
import pytest

from ingest.quality.validator import SuiteValidator
from tests.expectations.conftest import FIGURES_BEFORE, ROOT, Validator, change
from tests.makers import a_batch

pytestmark = pytest.mark.integration

Refuses = Callable[..., bool]


@pytest.fixture
def refuses(warehouse: duckdb.DuckDBPyConnection, validator: Validator, batch_id: str) -> Refuses:
    """Change one figure of a good batch, and return whether a rule refuses it."""

    def find(rule: str, **columns: object) -> bool:
        assignments = ", ".join(f"{name} = {_literal(value)}" for name, value in columns.items())
        one = "rowid = (select min(rowid) from staging.figures where batch_id = $batch)"
        change(warehouse, f"update staging.figures set {assignments} where batch_id = $batch and {one}", batch_id)
        validation = validator("figures", rule, batch_id)
        assert validation.severity == "warning"
        return not validation.passed

    return find


@pytest.fixture
def history(warehouse: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """Publish figures of an earlier article."""

    def publish(figures: int, *, kind: str = "count", unit: str = "person", source_id: str = "gazette") -> None:
        warehouse.execute("update published.articles set source_id = ?", [source_id])
        warehouse.execute(FIGURES_BEFORE.format(value="number", kind=kind, unit=unit, figures=figures))

    return publish


@pytest.mark.parametrize(
    ("unit", "value", "sentence"),
    [
        ("migrante", 2.5, "La marina rescató a 2.500 migrantes."),
        ("person", 1.204, "Some 1.204 people were moved to the school."),
        ("voto", 12.75, "La lista ganó por 12.750 votos."),
        ("vivienda", 3.2, "El río dañó 3.200 viviendas."),
        ("casa", 1.5, "A prefeitura entregou 1.500 casas."),
        ("pessoa", 4.3, "A chuva desalojou 4.300 pessoas."),
        ("voix", 8.125, "Elle l'emporte avec 8.125 voix."),
        ("habitant", 6.4, "Le bourg compte 6.400 habitants."),
        ("haus", 1.25, "Das Hochwasser traf 1.250 Häuser."),
        ("ferito", 1.1, "Il crollo ha causato 1.100 feriti."),
        ("habitatge", 2.75, "La Generalitat promet 2.750 habitatges."),
    ],
)
def test_no_language_counts_parts_of_what_is_whole(unit: str, value: float, sentence: str, *, refuses: Refuses) -> None:
    assert refuses("count_whole", kind="count", unit=unit, value=value, sentence=sentence)


@pytest.mark.parametrize(
    ("unit", "value", "sentence"),
    [
        ("migrante", 2500, "La marina rescató a 2.500 migrantes."),
        ("child", 1.6, "Women had 1.6 children on average."),
        ("hijo", 1.4, "La tasa cayó a 1,4 hijos por mujer."),
        ("persona", 3.4, "Viven 3,4 personas por hogar."),
        ("person", 5.3, "There were 5.3 deaths per 100,000 people."),
        ("pessoa", 2.8, "A média é de 2,8 pessoas."),
        ("enfant", 1.8, "Le taux est de 1,8 enfant."),
        ("officer", 4.5, "The desk asked for 4.5 full-time officers."),
        ("star", 4.5, "Readers gave the pier 4.5 stars."),
        (None, 2.5, "The council bought 2.5 more."),
    ],
)
def test_what_is_whole_or_a_mean_or_measured_passes(
    unit: str | None, value: float, sentence: str, *, refuses: Refuses
) -> None:
    assert not refuses("count_whole", kind="count", unit=unit, value=value, sentence=sentence)


@pytest.mark.parametrize(
    ("currency", "most"),
    [
        ("USD", 499 * 10**12),  # what the world owns
        ("EUR", 400 * 10**12),
        ("MXN", 8 * 10**15),
        ("COP", 1900 * 10**15),
        ("CLP", 460 * 10**15),
        ("PYG", 3400 * 10**15),
        ("BRL", 2700 * 10**12),
        ("KWD", 150 * 10**12),
    ],
)
def test_no_sum_is_more_than_the_world_owns_in_its_currency(currency: str, most: int, *, refuses: Refuses) -> None:
    assert not refuses("money_size", kind="money", unit=currency, value=most)
    assert refuses("money_size", kind="money", unit=currency, value=most * 1000)
    assert refuses("money_size", kind="money", unit=currency, value=1, value_high=most * 1000)


def test_a_currency_without_a_rate_is_held_to_the_widest_bound(refuses: Refuses) -> None:
    assert not refuses("money_size", kind="money", unit="XYZ", value=10**20)
    assert refuses("money_size", kind="money", unit="XYZ", value=10**21)


def test_every_currency_that_is_read_has_a_rough_rate(warehouse: duckdb.DuckDBPyConnection) -> None:
    marks = tomllib.loads((ROOT / "src/ingest/figures/lexicons/marks.toml").read_text(encoding="utf-8"))
    read = {*marks["codes"]["list"], *(code for code in _strings(marks) if len(code) == 3 and code.isupper())}
    rated = {code for (code,) in warehouse.execute("select currency from ops.rough_rates").fetchall()}

    assert read - rated == set()


def test_a_figure_a_thousand_times_beyond_its_sources_history_is_refused(
    refuses: Refuses, history: Callable[..., None]
) -> None:
    history(100)  # the greatest of them is 100

    assert not refuses("size_in_history", kind="count", unit="person", value=100_000)
    assert refuses("size_in_history", kind="count", unit="person", value=100_001)
    assert refuses("size_in_history", kind="count", unit="person", value=1, value_high=100_001)
    assert not refuses("size_in_history", kind="count", unit="vote", value=100_001, value_high=None)
    assert not refuses("size_in_history", kind="money", unit="person", value=100_001)


@pytest.mark.parametrize(
    ("figures", "before"),
    [
        (99, {}),  # too few to be a history
        (100, {"source_id": "herald"}),
        (100, {"unit": "vote"}),
        (100, {"kind": "money"}),
    ],
)
def test_a_figure_is_compared_with_its_own_sources_history_alone(
    figures: int, before: dict[str, str], *, refuses: Refuses, history: Callable[..., None]
) -> None:
    history(figures, **before)

    assert not refuses("size_in_history", kind="count", unit="person", value=100_001)


def test_durations_have_no_history_because_of_geological_times(refuses: Refuses, history: Callable[..., None]) -> None:
    history(100, kind="duration", unit="year")

    assert not refuses("size_in_history", kind="duration", unit="year", value=80_000_000)


def test_such_rows_do_not_stop_their_batch(
    warehouse: duckdb.DuckDBPyConnection, history: Callable[..., None], batch_id: str
) -> None:
    history(100)
    figures = ("count", 2.5), ("count", 100_001), ("money", 10**15)
    for number, (kind, value) in enumerate(figures):
        key = f"select row_key from staging.figures where batch_id = $batch and kind = '{kind}' order by row_key"
        change(
            warehouse,
            f"update staging.figures set value = {value} where batch_id = $batch "
            f"and row_key = ({key} limit 1 offset {number})",
            batch_id,
        )
    validator = SuiteValidator(ROOT / "expectations", warehouse.cursor)
    failed = [
        validation for validation in validator.validate(replace(a_batch(), batch_id=batch_id)) if not validation.passed
    ]
    validator.close()
    found = {validation.rule: validation.unexpected for validation in failed if validation.severity == "warning"}

    assert found == {"money_size": 1, "count_whole": 1, "size_in_history": 1}
    assert [validation.rule for validation in failed if validation.severity == "critical"] == []


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "null" if value is None else str(value)


def _strings(found: object) -> list[str]:
    if isinstance(found, dict):
        return [text for value in found.values() for text in _strings(value)]
    return [found] if isinstance(found, str) else []
