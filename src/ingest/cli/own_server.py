"""The Prefect API of a command: the configured one, or a server of our own with its state in the warehouse folder."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.settings import Settings
    from ..flows.prefect_server import PrefectServer
    from ..report.run_summary import Report

WITHOUT = "run it with --direct, which needs no Prefect"
# Of the server's services those for deployments: nobody schedules, wakes or takes over a run of this process.
NEEDLESS = (
    "CANCELLATION_CLEANUP", "CLEANUP_RECONCILER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "REPOSSESSOR",
    "SCHEDULER", "TRIGGERS",
)  # fmt: skip


class PrefectApi:
    """An API for the flows that a command runs in its own process."""

    def __init__(self, settings: "Settings", server: "PrefectServer | None", auth_string: str = "") -> None:
        """Take the server of our own that was begun, and what it asks for; None where the environment names an API."""
        self._settings, self._server, self._auth_string = settings, server, auth_string

    def run(self, flow: str, *arguments: object, **named: object) -> "Report":
        """Run a flow of flows/pipeline.py; ServerUnusable says why it could not be run, or not to its end."""
        from ..core.errors import ServerUnusable
        from ..flows import pipeline
        from ..flows.api import run_flow
        from ..flows.run_states import log_to_page

        address = self.answering()
        if self._server is None:
            log_to_page()
        try:
            with self._server.kept_alive() if self._server else nullcontext():
                report = run_flow(getattr(pipeline, flow), *arguments, **named)
                self._delete_old_runs(flow)
        except ServerUnusable as error:
            to_do = f"what was done is kept, so run it again, or {WITHOUT}"
            if self._server:
                raise self._server.unusable("was lost during the run", to_do) from error
            raise ServerUnusable(f"the Prefect API at {address} was lost: {error}; {to_do}", about=address) from error
        return report

    def answering(self) -> str:
        """Return the address of the API once it answers; ServerUnusable says why it does not."""
        from ..core.errors import ServerUnusable
        from ..core.settings import tell_libraries
        from ..flows.api import check_api, configured_api

        address = configured_api()
        if address is None and self._server:
            self._server.wait_until_healthy(threading.Event().wait)
            address = self._server.api_url
            tell_libraries(PREFECT_API_URL=address, PREFECT_API_AUTH_STRING=self._auth_string)
            configured_api()
        elif self._server and address != self._server.api_url:  # a profile names it, as Prefect alone can tell
            self._server.close()
            self._server = None
        try:
            check_api()
        except ServerUnusable as error:
            to_do = f"start it (`prefect server start`), fix PREFECT_API_URL, or {WITHOUT}"
            raise ServerUnusable(f"the Prefect API at {address}: {error}; {to_do}", about=str(address)) from error
        return str(address)

    @property
    def is_ours(self) -> bool:
        """Whether it is a server of our own; known once it answers."""
        return self._server is not None

    def _delete_old_runs(self, flow: str) -> None:
        """Delete what our own server has on record of old runs; others may have retention rules of their own."""
        if not self._server:
            return
        from ..flows.api import delete_old_runs
        from ..pipeline.wiring import keep_of, utc_now

        delete_old_runs([flow], keep_of(self._settings), utc_now())


@contextmanager
def prefect_api(settings: "Settings") -> Iterator[PrefectApi]:
    """Have an API while the block runs. A server of our own begins at once: nothing else takes as long to import."""
    from ..core.settings import prefect_api_url, prefect_auth_string

    if prefect_api_url():
        yield PrefectApi(settings, None)
        return
    auth_string = prefect_auth_string() or f"ingest:{secrets.token_urlsafe(32)}"
    with closing(server_for_runs(settings, auth_string)) as server:
        server.begin()
        yield PrefectApi(settings, server, auth_string)


@contextmanager
def api_unless(direct: bool, said: Mapping[str, object]) -> Iterator[PrefectApi | None]:
    """Have an API while the block runs, unless its runs are to be direct."""
    from ..core.settings import load_settings

    if direct:
        yield None
        return
    with prefect_api(load_settings(**said)) as api:
        yield api


def server_for_runs(settings: "Settings", auth_string: str) -> "PrefectServer":
    """Return a server, not begun yet, for the runs of this process alone."""
    from ..core.files import make_warehouse_folder
    from ..core.settings import prefect_start_seconds, surroundings
    from ..flows.prefect_server import PrefectServer

    make_warehouse_folder(settings.warehouse)
    home, remedy = home_of(settings)
    environment = surroundings(
        PREFECT_HOME=str(home),
        PREFECT_SERVER_API_AUTH_STRING=auth_string,
        PREFECT_SERVER_UI_ENABLED="false",
        PREFECT_SERVER_REGISTER_BLOCKS_ON_START="false",
        PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION="false",  # or it would note that they are registered
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in NEEDLESS},
    )
    log = folder_of(settings) / "run.log"
    to_do = f"{WITHOUT}, or {remedy}"
    seconds = prefect_start_seconds()
    return PrefectServer(host="127.0.0.1", port=0, log=log, environment=environment, seconds=seconds, to_do=to_do)


def folder_of(settings: "Settings") -> Path:
    """Return the folder of a warehouse for what Prefect's servers leave."""
    return (settings.warehouse / "prefect").absolute()


def home_of(settings: "Settings") -> tuple[Path, str]:
    """Settle where Prefect keeps its state; return it, and what to do where a server can't use what is there."""
    from ..core.settings import keep_prefect_in

    ours = folder_of(settings)
    home = keep_prefect_in(ours)
    if home == ours:
        return home, f"move {home} away while nothing runs: it holds Prefect's record of runs alone"
    return home, f"unset PREFECT_HOME, which names {home}"
