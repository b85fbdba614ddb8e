"""What the analysts' file has beside the rows that are published: views, exchange rates, and the index of words."""

from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256

from ..core.assets import asset
from .duckdb_errors import DuckDBPyConnection
from .extensions import load_stemmers
from .rates import Rate, exchange_rates, rates_mark
from .search_index import build_index, renew_index
from .statements import statement
from .tables import tables_mark, view

STOP_WORDS = "warehouse/seeds/stop_words.csv"
VIEWS = ("facts", "series")


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What a person has chosen to have."""

    has_search: bool = True
    rates: tuple[Rate, ...] = ()

    @cached_property
    def mark(self) -> str:
        """A hash of the SQL that makes them, and of what they hold beside what is published."""
        views = "".join(view(name) for name in VIEWS)
        search = view("search") + asset(STOP_WORDS).read_text(encoding="utf-8") if self.has_search else ""
        return sha256((views + search + rates_mark(self.rates)).encode()).hexdigest()[:16]


def shipped_extras() -> Extras:
    """Return those of someone who has chosen nothing."""
    return Extras(rates=exchange_rates(None))


def make_extras(connection: DuckDBPyConnection, extras: Extras) -> None:
    """Make views and tables in the file in use, and fill them; what is there of an attempt that was cut off goes."""
    for (sql,) in connection.execute(statement("drop_extras")).fetchall():
        connection.execute(sql)
    for name in VIEWS:
        connection.execute(view(name))
    if extras.has_search:
        make_search(connection)
    _bring_rates(connection, extras)
    if extras.has_search:
        build_index(connection)
    connection.execute("update ops.shape set extras = ?", [extras.mark])


def make_search(connection: DuckDBPyConnection) -> None:
    """Make the empty index of words, and what asks it."""
    load_stemmers(connection)
    connection.execute(view("search"))
    connection.execute("insert into search.stop_words from read_csv($path)", {"path": str(asset(STOP_WORDS))})


def has_extras(connection: DuckDBPyConnection, extras: Extras) -> bool:
    """Return whether the file in use has these extras, whole, as this version makes them."""
    return connection.execute(statement("shape")).fetchall() == [(tables_mark(), extras.mark)]


def renew_extras(connection: DuckDBPyConnection, extras: Extras) -> None:
    """Bring the index of words up to date with the articles of `ops.unreleased`."""
    if extras.has_search:
        load_stemmers(connection)
        renew_index(connection)


def file_shape(extras: Extras) -> str:
    """Return what changes when all of a file has to be made anew: its tables, its views, or what these hold."""
    return f"{tables_mark()} {extras.mark}"


def _bring_rates(connection: DuckDBPyConnection, extras: Extras) -> None:
    if extras.rates:
        columns = zip(*(map(str, asdict(rate).values()) for rate in extras.rates), strict=True)
        connection.execute(_RATES, [list(column) for column in columns])


_RATES = """
insert into exchange_rates
select unnest(?), unnest(?), unnest(?), nullif(unnest(?), 'None')::date, unnest(?), unnest(?)
"""
