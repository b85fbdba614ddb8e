"""A Prefect server of our own, as a process: begun, looked at, begun again, and ended with whoever began it."""

import gc
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import uvicorn
from uvicorn.importer import import_from_string

from ingest.core.background import in_background
from ingest.core.errors import Misconfigured, ServerUnusable
from ingest.core.files import held_alone

from .same_origin import OwnOrigin, own_origins

APP = "prefect.server.api.server:create_app"
ORIGINS = "PREFECT_SERVER_CORS_ALLOWED_ORIGINS"
PAGE_ASKS = "PREFECT_UI_API_URL"
FIRST_ANSWER_SECONDS = 120.0  # it took 10 to 23 where nothing else was going on
LAST_WORDS_SECONDS = 15.0
LOOK_SECONDS = 0.1  # between two looks whether it answers
ERROR_LINE = re.compile(r"^[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt)\b.*", re.MULTILINE)  # ends a traceback


class PrefectServer:
    """Answers on an address of this machine. It ends when we close it, and when we die without having done so."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        log: Path,
        environment: Mapping[str, str],
        seconds: float = FIRST_ANSWER_SECONDS,
        to_do: str = "see its log",
    ) -> None:
        """Take where it answers (port 0: any that is free), where its log goes, and what it reads its settings from.

        `seconds` is how long its first answer is waited for, `to_do` what somebody is told who waited in vain.
        """
        self._host, self._port, self._log = host, port or _free_port(host), log
        self._seconds, self._to_do = seconds, to_do
        defaults = {
            ORIGINS: own_origins(host, self._port),  # else any page that is looked at here may send it DELETE
            PAGE_ASKS: "/api",  # where the page came from: any port, name or proxy; else it asks port 4200
        }
        self._environment = {**defaults, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where people look at it."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """Where programs speak to it."""
        return f"{self.url}/api"

    @property
    def process_id(self) -> int | None:
        """Return its process, if it has one that lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def begin(self) -> None:
        """Start it, unless it is there; it answers a while later. Misconfigured when its port is another's."""
        if self.process_id:
            return
        if self._process is None and not self._gets_port():
            raise Misconfigured(f"{self.url} is taken by another program; name another --port", about="--port")
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab" if self._process else "wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  ourselves
                [sys.executable, "-m", __name__, self._host, str(self._port), self._environment[ORIGINS]],
                stdin=subprocess.PIPE,  # when that ends, so do we
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,  # or a key on the terminal would end it before the runs that speak to it
            )

    def _gets_port(self) -> bool:
        """Wait a little for the port: the server of one that was killed may be about to end."""
        for _ in range(int(LAST_WORDS_SECONDS / 0.2)):
            if _is_free(self._host, self._port):
                return True
            if not self.is_healthy():
                return False
            time.sleep(0.2)
        return False

    def wait_until_healthy(self, pause: Callable[[float], bool]) -> bool:
        """Wait for its first answer, a while at a time, until `pause` says to stop; ServerUnusable if none comes."""
        give_up_at = time.monotonic() + self._seconds
        while not self.is_healthy():
            if self.process_id is None:
                raise self.unusable("ended before it answered")
            if time.monotonic() > give_up_at:
                raise self.unusable(f"did not answer within {self._seconds:g} s")
            if pause(LOOK_SECONDS):
                return False
        return True

    def is_healthy(self) -> bool:
        """Return whether it answers."""
        try:
            socket.create_connection((self._host, self._port), timeout=5).close()  # costs less than a request
            return httpx.get(f"{self.api_url}/health", trust_env=False, timeout=5).is_success
        except (OSError, httpx.HTTPError):
            return False

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Start it again where it ends while the block runs: whoever speaks to it tries again for a while."""

        def watch(over: threading.Event) -> None:
            while not over.wait(LOOK_SECONDS):
                self.begin()

        with in_background(watch):
            yield

    def unusable(self, what: str, to_do: str | None = None) -> ServerUnusable:
        """Return the error that says what became of it, the reason that it gave itself, and what to do."""
        reason = reason_in(self._log.read_text(encoding="utf-8", errors="replace"))
        code = self._process.poll() if self._process else None
        how = "" if code is None else f", with exit code {code}"
        said = f"Prefect's server {what}{how}: {reason} (its log: {self._log})"
        return ServerUnusable(f"{said}; {to_do or self._to_do}", about=self.url)

    def close(self) -> None:
        """End it, and wait until it has."""
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def reason_in(log: str) -> str:
    """Return the line of a log that says why its program ended: the last error of a traceback, else the last line."""
    errors = [found[0] for found in ERROR_LINE.finditer(log)]
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return next(reversed(errors or lines), "its log is empty")


def kept_auth_string(path: Path) -> str:
    """Return what a server asks for, as user:password; made at its first start, in a file for its owner alone."""
    with suppress(FileNotFoundError):
        if kept := path.read_text(encoding="ascii", errors="ignore").strip():
            return kept
    made = f"ingest:{secrets.token_urlsafe(32)}"
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{made}\n")
    partial.replace(path)
    return made


@contextmanager
def served_alone(folder: Path) -> Iterator[None]:
    """Hold off others who would serve the same; WarehouseBusy where somebody does. Whoever dies lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with held_alone(folder, f"{folder.parent} is being served by another process; stop that one first"):
        yield


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as free:
        return int(free.getsockname()[1])


def _end_with(parent: int) -> None:
    """Wait until whoever began us closes our input, by intent or by dying, and end."""
    while os.read(parent, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Be the server."""
    host, port, origins = sys.argv[1:]
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    gc.disable()  # a quarter of the time that the imports take goes into looking for garbage, and there is none
    app = OwnOrigin(import_from_string(APP)(), origins.split(","))
    gc.freeze()
    gc.enable()
    uvicorn.run(app, host=host, port=int(port), log_level="error", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main()
