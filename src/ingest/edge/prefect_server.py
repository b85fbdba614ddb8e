"""A Prefect server of our own, as a process: begun, looked at, begun again, and ended with whoever began it."""

import os
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

from ..errors import Misconfigured, ServerUnusable
from .files import held_alone
from .own_origin import OwnOrigin, own_origins

APP = "prefect.server.api.server:create_app"
LOG_FILE = "server.log"
ORIGINS = "PREFECT_SERVER_CORS_ALLOWED_ORIGINS"
FIRST_ANSWER_SECONDS = 120.0  # it took 10 to 23 where nothing else was going on
LAST_WORDS_SECONDS = 15.0


class PrefectServer:
    """Answers on an address of this machine. It ends when we close it, and when we die without having done so."""

    def __init__(self, *, host: str, port: int, folder: Path, environment: Mapping[str, str]) -> None:
        """Take where it answers (port 0: any that is free), where its log goes, and what it reads its settings from."""
        self._host, self._port, self._folder = host, port or _free_port(host), folder
        origins = {ORIGINS: own_origins(host, self._port)}  # else any page that is looked at here may send it DELETE
        self._environment = {**origins, **environment}
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
        """Name its process, if it has one that lives."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def begin(self) -> None:
        """Start it, unless it is there; it answers a while later. Misconfigured when its port is another's."""
        if self.process_id:
            return
        if self._process is None and not self._gets_port():
            raise Misconfigured(f"{self.url} is taken by another program; name another --port", about="--port")
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOG_FILE).open("wb") as log:
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
        waited = 0.0
        while not self.is_healthy():
            if self.process_id is None or waited > FIRST_ANSWER_SECONDS:
                raise ServerUnusable(f"Prefect's server does not answer: see {self._folder / LOG_FILE}", about=self.url)
            if pause(0.2):
                return False
            waited += 0.2
        return True

    def is_healthy(self) -> bool:
        """Say whether it answers."""
        try:
            return httpx.get(f"{self.api_url}/health", trust_env=False, timeout=5).is_success
        except httpx.HTTPError:
            return False

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
    app = OwnOrigin(import_from_string(APP)(), origins.split(","))
    uvicorn.run(app, host=host, port=int(port), log_level="error", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main()
