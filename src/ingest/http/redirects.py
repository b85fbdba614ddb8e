"""The way to one page over all its redirects: what was answered on it, and how much time is left for it."""

from types import TracebackType

from ..core.errors import IngestError, TimedOut
from ..core.model import Capture
from .connection import Patience
from .keep_alive import Session
from .limits import WebLimits
from .source_credentials import OPEN, Access


class RedirectChain:
    """The way to a page: where it has come to, the responses passed, and what failed if anything did."""

    def __init__(self, url: str, limits: WebLimits, access: Access = OPEN, session: Session | None = None) -> None:
        self.url = url
        self.access = access
        self.session = session
        self.seconds_spent = 0.0  # waiting for servers; our own pauses don't count
        self._limits = limits
        self.hop: str | None = None
        self.captures: list[Capture] = []
        self.is_permanent = False  # it led on, and every hop said that it was for good

    def __enter__(self) -> "RedirectChain":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell an error how far it had come."""
        if isinstance(error, IngestError):
            error.hop = error.hop or self.hop  # the way may have ended at another, to a robots.txt
            error.captures, error.elapsed_ms = (*self.captures, *error.captures), self.elapsed_ms

    @property
    def elapsed_ms(self) -> int:
        """Return how long the servers on the way kept us waiting."""
        return round(self.seconds_spent * 1000)

    @property
    def hastens(self) -> bool:
        """Return whether so little time is left that a server which is there may not answer within it."""
        return self._seconds_left < self._limits.connect_seconds

    @property
    def _seconds_left(self) -> float:
        return self._limits.total_seconds - self.seconds_spent

    def patience(self, url: str) -> Patience:
        """Return what time is left for one more address; raises TimedOut when none is."""
        if self._seconds_left <= 0:
            raise TimedOut(f"{self.url}: more than {self._limits.total_seconds:g} s in all", about=self.url)
        return Patience(url, self._limits, seconds=self._seconds_left)
