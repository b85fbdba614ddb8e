"""`ingest serve`: schedules, events and automations on a Prefect server, until stopped."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.settings import Settings
    from ..flows.deployments import Deployment
    from ..flows.prefect_server import PrefectServer

HostOption = Annotated[str, typer.Option("--host", help="Address that our own Prefect server answers on.")]
AUTH_FILE = "prefect.auth"  # in the warehouse folder
PortOption = Annotated[int, typer.Option("--port", help="Its port; 0: any that is free.", min=0, max=65535)]


def serve(
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 4200,
) -> None:
    """Run what clocks and events call for, until stopped; starts a Prefect server unless PREFECT_API_URL names one."""
    from ..core.files import make_warehouse_folder
    from ..core.settings import load_settings, prefect_auth_string, tell_libraries
    from ..feeds.sources_file import load_sources
    from ..flows.prefect_server import served_alone
    from ..observability.telemetry import log_as_set, metrics_served
    from .console import say
    from .own_server import folder_of, home_of

    tell_libraries(**_variables(given(warehouse, sources)))  # so that each run has them, and no form asks for them
    settings = load_settings()
    load_sources(settings)  # told now, before Prefect has been waited for
    log_as_set(settings)
    make_warehouse_folder(settings.warehouse)
    stop = _stopped_by_signals()

    auth = (settings.warehouse / AUTH_FILE).absolute()
    home, _ = home_of(settings)  # settled before Prefect is imported

    from ..flows.api import configured_api
    from ..flows.serve import Serving

    asks = auth if prefect_auth_string() is None else "PREFECT_SERVER_API_AUTH_STRING"
    with (
        served_alone(folder_of(settings)),
        metrics_served(settings),
        _running(_our_server(settings, host, port, auth) if configured_api() is None else None) as server,
    ):
        if server:
            say(f"starting a Prefect server on {server.url}, its state in {home}; it asks for what {asks} holds")
            tell_libraries(PREFECT_API_URL=server.api_url)
            if not server.wait_until_healthy(stop.wait):
                return
        address = configured_api() or ""

        def announce(flows: Sequence["Deployment"]) -> None:
            names = ", ".join(deployment.flow for deployment in flows)
            say(f"serving {names} from {settings.warehouse}; runs and events: {_shown(address)}; stop with Ctrl-C")

        prepare = partial(log_as_set, settings)
        Serving(prepare=prepare, stop=stop, server=server).serve(announce)
    say("stopped")


def _our_server(settings: "Settings", host: str, port: int, auth: Path) -> "PrefectServer":
    from ..core.settings import prefect_auth_string, prefect_start_seconds, surroundings, tell_libraries
    from ..flows.api import names_database
    from ..flows.prefect_server import PrefectServer, kept_auth_string
    from .own_server import folder_of, home_of

    home, remedy = home_of(settings)
    asked = prefect_auth_string() or kept_auth_string(auth)
    tell_libraries(PREFECT_API_AUTH_STRING=asked)
    page = str(folder_of(settings) / "page")  # else in site-packages, which may be another user's
    environment = {"PREFECT_UI_STATIC_DIRECTORY": page, **surroundings(PREFECT_SERVER_API_AUTH_STRING=asked)}
    if home == folder_of(settings) and not names_database():  # else it may hold runs of others
        environment["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"] = "events,flow_runs"
    log, seconds = folder_of(settings) / "server.log", prefect_start_seconds()
    return PrefectServer(host=host, port=port, log=log, environment=environment, seconds=seconds, to_do=remedy)


@contextmanager
def _running(server: "PrefectServer | None") -> Iterator["PrefectServer | None"]:
    if server is None:
        yield None
        return
    server.begin()
    try:
        yield server
    finally:
        server.close()


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


def _variables(said: dict[str, object]) -> dict[str, str]:
    """Return what was said as environment variables that mean the same in whichever folder a run works."""
    return {f"INGEST_{name.upper()}": str(Path(str(value)).absolute()) for name, value in said.items()}


def _shown(api_url: str) -> str:
    """Return the address of the pages, without what may be secret in that of the API."""
    from urllib.parse import urlsplit

    parts = urlsplit(api_url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path.removesuffix('/api')}"
