"""What differs from machine to machine. This module alone reads the environment.

Settings come from variables that begin with INGEST_, then from the TOML file that INGEST_CONFIG names (ingest.toml
in the working folder, if there is one). docs/configuration.md has every setting with its reason; a test compares.
"""

import base64
import logging
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from .credentials import SECRET_VARIABLES
from .errors import Misconfigured

SHORTEST_SECRET = 6  # what is shorter would hide half of what is said
_TELLS_OF_A_SECRET = re.compile(
    f"^{SECRET_VARIABLES}|^(INGEST|PREFECT|OTEL)_.*(KEY|TOKEN|SECRET|PASSWORD|HEADERS|AUTH_STRING|CONNECTION_URL)$"
)
_KEYWORDS = re.compile(r"\s*\w+\s*=")  # libpq's: host=db dbname=news
_SCHEME = re.compile(r"(\w+)://")
# What settings were called before; the old names work until the next release.
FORMER_NAMES = {
    "reading_cluster": "executor",
    "reading_processes": "parse_processes",
    "host_gap_seconds": "host_delay_seconds",
    "host_gaps": "host_delays",
    "release_share": "release_time_share",
    "recheck_after_seconds": "refetch_after_seconds",
    "recheck_pages": "refetch_pages",
    "stopped_days": "rejected_days",
}
_SECRETS = frozenset({"alert_addresses", "ping_token", "state"})  # never shown, right or wrong


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(env_prefix="INGEST_", extra="forbid", frozen=True)

    warehouse: Path = Field(Path("warehouse"), description="Folder of the database files and the archive.")
    database_memory_mb: int = Field(256, ge=64, description="Most memory DuckDB takes for itself, in MB.")
    state: SecretStr | None = Field(
        None,
        description="Where the pipeline's state is: an SQLite file on a local disk, or a PostgreSQL, such as "
        "postgresql://ingest@db/news; unset: state.db in the warehouse folder, and with a lake in its PostgreSQL.",
    )
    lake: SecretStr | None = Field(
        None,
        description='PostgreSQL of a DuckLake in place of published.duckdb, such as "host=db dbname=lake user=ingest"; '
        "with it, several workers may run at once.",
    )
    lake_data: Path | None = Field(None, description="Folder of that lake's files, which every worker reaches.")
    release_time_share: float = Field(
        0.1,
        gt=0,
        le=1,
        description="Largest share of the time that making the analysts' file may take, once it takes minutes.",
    )
    search_index: bool = Field(default=True, description="Whether analysts can search the texts by their words.")
    exchange_rates: Path | None = Field(None, description="CSV file of exchange rates, in place of those that ship.")
    sources: Path | None = Field(None, description="Sources file; sources.toml here, else the one that ships.")
    contact: str = Field("", description="Address or page for newsrooms that want to reach us; part of User-Agent.")
    user_agent: str = Field(
        "",
        pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,63}(/[A-Za-z0-9._+-]{1,32})?)?$",
        description="Name and version to ask newsrooms under, such as harbour-reader/2.1; else news-ingest/VERSION.",
    )
    host_delay_seconds: float | None = Field(
        None, ge=0, le=3600, description="Pause between requests to one host; unset: 1, and 0 for this machine itself."
    )
    host_delays: dict[str, Annotated[float, Field(ge=0, le=3600)]] = Field(
        {}, description='Pause in seconds for single hosts, such as {"www.gazette.example" = 5}; wins over the former.'
    )
    poll_min_seconds: int = Field(
        0,
        ge=0,
        le=604800,
        description="Shortest wait before a feed is asked again; above 0, each is asked as often as it has news. "
        "0: whoever calls a run decides, unless the feed, its server or its owner names a time.",
    )
    poll_max_seconds: int = Field(
        86400,
        ge=60,
        le=604800,
        description="Longest wait before a feed is asked again, whatever it or its server names.",
    )
    refetch_after_seconds: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        (3600, 21_600, 86_400, 604_800),
        description="Ages at which the pages of published articles are fetched again; empty: never.",
    )
    run_seconds: int = Field(
        600,
        ge=60,
        le=86400,
        description="Time after which a run fetches no more pages, and most pages of one source: ten a second. "
        "What is left waits for the next run.",
    )
    free_disk_mb: int = Field(200, ge=0, description="Megabytes to stay free on the disk; else nothing is fetched.")
    refetch_pages: int = Field(20, ge=0, description="Pages fetched again in a run, of each source.")
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description='Inward networks that may be fetched from all the same, such as ["10.1.0.0/16"].'
    )
    request_seconds: float = Field(30, gt=0, description="Longest time for one response, from connecting to its end.")
    connect_seconds: float = Field(
        10, gt=0, description="Longest time to find a host's address, to connect, and to shake hands, each."
    )
    first_byte_seconds: float = Field(20, gt=0, description="Longest wait for the first byte of a response.")
    idle_seconds: float = Field(10, gt=0, description="Longest wait for the next byte of a response.")
    slowest_bytes_per_second: int = Field(
        256, ge=0, description="Slowest response that is waited for, on average, once it has had ten seconds."
    )
    page_bytes: int = Field(20_000_000, gt=0, description="Largest page or feed, as sent and again decompressed.")
    hosts_at_once: int = Field(256, gt=0, le=1_000, description="Sources fetched from at the same time.")
    parse_processes: int = Field(0, ge=0, le=256, description="Processes that parse pages; 0: one for each core.")
    executor: str = Field(
        "", pattern=r"^((dask|tcp|tls)://.+|[\w.]+:[\w.]+)?$", description="Dask or MODULE:FUNCTION to parse pages on."
    )
    rejected_days: int = Field(30, ge=0, le=3650, description="Days that the rows of a rejected batch are kept.")
    history_days: int = Field(
        90,
        ge=0,
        le=3650,
        description="Days that visits, outcomes, validation results that held and events are kept; 0: for ever.",
    )
    archive_days: int = Field(
        0, ge=0, le=36500, description="Days that files of the archive are kept that no article needs; 0: for ever."
    )
    alert_addresses: tuple[SecretStr, ...] = Field((), description="Apprise addresses that alerts are sent to.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Address at which hubs reach `ingest listen`; it does not listen without.",
    )
    listen_on: str = Field(
        "127.0.0.1:8640",
        pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s:]+):\d{1,5}$",
        description="Address and port that `ingest listen` listens on, behind whatever speaks TLS.",
    )
    ping_token: SecretStr | None = Field(
        None, min_length=16, description="Bearer token of POST /ping; there is no such thing without."
    )
    quiet_hours: str | None = Field(
        None,
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d( \S+)?$",
        description='When only critical alerts are sent, such as "22:00-07:00 Europe/Madrid"; UTC without a zone.',
    )
    log_level: str = Field("warning", pattern="^(debug|info|warning|error)$", description="Least severe line logged.")
    log_format: str = Field("text", pattern="^(text|json)$", description="Log lines for people, or JSON for programs.")
    progress_seconds: float = Field(
        60, ge=0, le=3600, description="Pause between two lines of progress, where no terminal shows it; 0: none."
    )
    metrics_file: Path | None = Field(None, description="File that each run writes its metrics to, for Prometheus.")
    metrics_port: int | None = Field(None, ge=0, le=65535, description="Port at which `ingest serve` gives metrics.")
    metrics_host: str = Field("127.0.0.1", description="Address of this machine at which it does so.")

    @property
    def metrics_path(self) -> Path | None:
        """Where a run writes its metrics: the file that is named, or where they are served, one in the warehouse."""
        return self.metrics_file or (None if self.metrics_port is None else self.warehouse / "metrics.prom")

    @property
    def state_path(self) -> Path | None:
        """The file that INGEST_STATE names; None where it names a PostgreSQL, or nothing."""
        named = self.state.get_secret_value() if self.state else ""
        return Path(named) if named and not (_SCHEME.match(named) or _KEYWORDS.match(named)) else None

    @property
    def secrets(self) -> frozenset[str]:
        """Everything in the settings, here and of the libraries we set, that nobody may read in a log."""
        fields = set(type(self).model_fields) - ({"state"} if self.state_path else set())
        held = (one for name in fields for one in _secrets_in(getattr(self, name)))
        named = (value for name, value in os.environ.items() if _TELLS_OF_A_SECRET.search(name))
        return frozenset(secret for secret in (*held, *named) if len(secret) >= SHORTEST_SECRET)

    @field_validator("state")
    @classmethod
    def _is_a_file_or_a_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        named = value.get_secret_value() if value else ""
        scheme = _SCHEME.match(named)
        if scheme and scheme[1] not in {"postgresql", "postgres"}:
            raise ValueError(f"{scheme[1]}:// is neither a file nor a PostgreSQL; write a path, or postgresql://…")
        return value if named else None

    @field_validator("lake_data")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        if value and ":/" in str(value):
            raise ValueError(f"{value} is object storage, which is not reached from here; mount it and name the folder")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _has_a_known_zone(cls, value: str | None) -> str | None:
        zone = (value or "").partition(" ")[2]
        if zone and zone not in available_timezones():
            raise ValueError(f"{zone} is no time zone; name one such as Europe/Madrid")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the library names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources of settings in order: the command line, then the environment, then the file."""
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = _renamed(env_settings.env_vars, prefix="ingest_")
        path = os.environ.get("INGEST_CONFIG", "ingest.toml")
        file = InitSettingsSource(settings_cls, _renamed(TomlConfigSettingsSource(settings_cls, toml_file=path)()))
        return init_settings, env_settings, file


def load_settings(**given: object) -> Settings:
    """Load the settings; those given here win. Raises Misconfigured, naming each that is wrong."""
    _quiet_libraries()
    try:
        return Settings(**_renamed({name: value for name, value in given.items() if value is not None}))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']} (found {problem['input']!r})"
            if not _SECRETS & set(map(str, problem["loc"]))
            else f"{problem['loc'][0]}: {problem['msg']}"
            for problem in error.errors()
        )
        raise Misconfigured(f"settings: {wrong}", about="settings") from error
    except ValueError as error:
        raise Misconfigured(f"settings: {error}", about="settings") from error


def _renamed(values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """Return settings by the names they have now, with a warning for each that has its former one."""
    renamed = dict(values)
    for former, name in FORMER_NAMES.items():
        if (value := renamed.pop(prefix + former, None)) is not None:
            renamed.setdefault(prefix + name, value)
            message = "INGEST_%s is INGEST_%s now: name that in its place, before the next release"
            logging.getLogger("ingest").warning(message, former.upper(), name.upper())
    return renamed


def unknown_variables() -> dict[str, list[str]]:
    """Return the variables that look like settings of ours and are none, each with the settings there are."""
    known = [f"INGEST_{name.upper()}" for name in Settings.model_fields]
    ours = {*known, "INGEST_CONFIG", *(f"INGEST_{name.upper()}" for name in FORMER_NAMES)}
    names = sorted(name for name in os.environ if name.startswith("INGEST_") and name.upper() not in ours)
    return {name: known for name in names if not name.startswith(("INGEST_TEST_", SECRET_VARIABLES))}


def source_secret(name: str) -> str | None:
    """Return what the environment variable holds that a source names; None where it is not set."""
    return os.environ.get(name, "").strip() or None


def missing_config() -> Path | None:
    """Return the file that INGEST_CONFIG names, where it is not there."""
    path = Path(os.environ.get("INGEST_CONFIG", "."))
    return None if path.exists() else path


def prefect_api_url() -> str | None:
    """Return the address of the Prefect API that the environment names."""
    return os.environ.get("PREFECT_API_URL") or None


def keep_prefect_in(folder: Path) -> Path:
    """Have Prefect keep its state in a folder, unless PREFECT_HOME names another; return which one it is.

    To be told before Prefect is imported. The profiles that a user has are read as they are without.
    """
    profiles = Path.home() / ".prefect" / "profiles.toml"
    if "PREFECT_HOME" not in os.environ and profiles.is_file():
        os.environ.setdefault("PREFECT_PROFILES_PATH", str(profiles))
    return Path(os.environ.setdefault("PREFECT_HOME", str(folder)))


def prefect_start_seconds() -> float:
    """Return how long the environment has somebody wait for a Prefect server that a run starts; two minutes without."""
    return float(os.environ.get("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS") or 120)


def prefect_auth_string() -> str | None:
    """Return what the environment has our own Prefect server ask for, as user:password; None where it names nothing."""
    return os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or os.environ.get("PREFECT_API_AUTH_STRING") or None


def prefect_authorization() -> str | None:
    """Return the header by which the environment has Prefect's API let us in: of Prefect Cloud, or of one's own."""
    if auth := os.environ.get("PREFECT_API_AUTH_STRING"):
        return f"Basic {base64.b64encode(auth.encode()).decode('ascii')}"
    return f"Bearer {key}" if (key := os.environ.get("PREFECT_API_KEY")) else None


def telemetry_wanted() -> bool:
    """Return whether OpenTelemetry's standard variables name a receiver of traces."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return any(os.environ.get(name) for name in names)


def _secrets_in(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    if isinstance(value, tuple | list):
        for one in value:
            yield from _secrets_in(one)


def tell_libraries(**values: str) -> None:
    """Set, for libraries and for processes that we start, what they read from the environment."""
    os.environ.update(values)


def surroundings(**values: str) -> dict[str, str]:
    """Return the environment that a process of another program is to have: ours, with these values."""
    _quiet_libraries()
    return {**os.environ, **values}


@cache
def _quiet_libraries() -> None:
    """Keep libraries from phoning home or talking over us; whoever set one of these otherwise keeps it."""
    for name, value in {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "GX_ANALYTICS_ENABLED": "false",
    }.items():
        os.environ.setdefault(name, value)
