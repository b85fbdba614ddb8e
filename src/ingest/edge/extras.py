"""What the analysts' file has beside the rows that are published: views, exchange rates, and the index of words."""

from dataclasses import asdict, dataclass

from ..assets import asset
from .extensions import load_stemmers
from .rates import Rate, exchange_rates, rates_mark
from .search_index import build_index, renew_index
from .warehouse import DuckDBPyConnection

STOP_WORDS = "warehouse/seeds/stop_words.csv"
VIEWS = ("facts", "series")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a person has chosen to have."""

    has_search: bool = True
    rates: tuple[Rate, ...] = ()

    @property
    def shape(self) -> str:
        """The SQL that makes them, which changes when a file must be written anew."""
        views = "".join(view(name) for name in VIEWS)
        return views + (view("search") + asset(STOP_WORDS).read_text(encoding="utf-8") if self.has_search else "")

    @property
    def mark(self) -> str:
        """A key that changes when what they hold does."""
        return rates_mark(self.rates)


def shipped_extras() -> Extras:
    """Give those of someone who has chosen nothing."""
    return Extras(rates=exchange_rates(None))


def make_extras(connection: DuckDBPyConnection, extras: Extras) -> None:
    """Make views and tables in the file in use, which has those that they look at."""
    for name in VIEWS:
        connection.execute(view(name))
    if extras.has_search:
        make_search(connection)


def make_search(connection: DuckDBPyConnection) -> None:
    """Make the empty index of words, and what asks it."""
    load_stemmers(connection)
    connection.execute(view("search"))
    connection.execute("insert into search.stop_words from read_csv($path)", {"path": str(asset(STOP_WORDS))})


def fill_extras(connection: DuckDBPyConnection, extras: Extras) -> None:
    """Fill them once all rows are there."""
    _bring_rates(connection, extras)
    if extras.has_search:
        build_index(connection)


def renew_extras(connection: DuckDBPyConnection, extras: Extras) -> None:
    """Bring them up to date with the articles of `parting.changed`."""
    _bring_rates(connection, extras)
    if extras.has_search:
        load_stemmers(connection)
        renew_index(connection)


def view(name: str) -> str:
    """Read a file of `warehouse/views/`."""
    return (asset("warehouse/views") / f"{name}.sql").read_text(encoding="utf-8")


def _bring_rates(connection: DuckDBPyConnection, extras: Extras) -> None:
    connection.execute("delete from exchange_rates")
    if extras.rates:
        columns = zip(*(map(str, asdict(rate).values()) for rate in extras.rates), strict=True)
        connection.execute(_RATES, [list(column) for column in columns])


_RATES = """
insert into exchange_rates
select unnest(?), unnest(?), unnest(?), nullif(unnest(?), 'None')::date, unnest(?), unnest(?)
"""
