"""Everything we raise. It is worth another try, or it is not, and it says what it is about.

IngestError
├── Transient: try again later
│   ├── Unreachable (NameUnknown, ConnectionRefused, HandshakeFailed), TimedOut, Truncated, ResponseEmpty
│   ├── Throttled (RefusedForNow: by a 403 after it had let us in), ServerFailed (ResponsePartial), RobotsUnknown
│   └── WarehouseBusy, WarehouseAway, ClusterAway, Undelivered
└── Permanent: don't
    ├── AddressRefused, RobotsRefused, PageMissing, PageGone, PageForbidden (PageLocked: 401 and 407)
    ├── RedirectsEndless, ResponseTooLarge, ResponseCorrupt (ProtocolBroken), CaptureUnreadable,
    │   NotAFeed (NoArticleList)
    ├── NotAnArticle: no article there
    │   ├── Unsupported, TooMuchMarkup: a file of another kind, more markup than any article has
    │   ├── ErrorPage (MissingPage): it answers 200, but with an error, or a 404 in all but its status
    │   ├── AccessBlocked, ConsentAsked, SignInAsked: it shows us the door, or a form
    │   └── TitleMismatch: it may; it has no word of the title that its feed gives, and is fetched once more
    ├── ReaderDied (ReaderHung, ReaderBroke): reading the page killed the process that read it, held or broke it
    └── ours to fix: Misconfigured, WarehouseUnusable (WarehouseDamaged, MemoryShort, DiskFull), QueryRefused,
        ValidatorFailed, ServerUnusable, Defect
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal, get_args

from .model import Capture

# The taxonomy of what the web does to us: each reason is of one of these kinds, and most are one.
ErrorKind = Literal[
    "http_status", "timeout", "tls", "connect", "dns", "too_large", "decode", "truncated", "parse", "empty",
    "redirect", "robots", "blocked", "unsupported", "rate_limited", "gone", "auth", "protocol", "consent",
]  # fmt: skip
ERROR_KINDS: tuple[ErrorKind, ...] = get_args(ErrorKind)
_KINDS: dict[str | None, ErrorKind | None] = {}


class IngestError(Exception):
    """Anything we raise; `about` names the thing, `reason` is short and countable.

    `hop` is the address that failed, `captures` the answers on the way: the last may hold what was answered there.
    `elapsed_ms` is how long servers kept us waiting, `retry_at` the time that somebody named to ask again.
    """

    reason: ClassVar[str] = "error"
    kind: ClassVar[ErrorKind | None] = None  # None: not the web's doing

    def __init_subclass__(cls, *, reason: str, kind: ErrorKind | None = None) -> None:
        """Take a subclass's reason; its kind is of the same name where there is one, else its parent's."""
        super().__init_subclass__()
        cls.reason = reason
        namesake = next((word for word in ERROR_KINDS if word == reason), None)
        cls.kind = _KINDS[reason] = kind or namesake or cls.kind

    def __init__(self, message: str, *, about: str) -> None:
        super().__init__(message)
        self.about = about
        self.hop: str | None = None
        self.captures: tuple[Capture, ...] = ()
        self.elapsed_ms = 0
        self.retry_at: datetime | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """Cross to another process whole."""
        return partial(type(self), about=self.about), self.args, self.__dict__

    @property
    def capture(self) -> Capture | None:
        """Return what the address that failed answered, where it did."""
        last = self.captures[-1] if self.captures else None
        return last if last and last.url == self.hop else None


class Transient(IngestError, reason="transient"):
    """Worth another try later."""

    def __init__(self, message: str, *, about: str, retry_at: datetime | None = None) -> None:
        super().__init__(message, about=about)
        self.retry_at = retry_at


class Permanent(IngestError, reason="permanent"):
    """Trying again would end the same way."""


class Unreachable(Transient, reason="unreachable", kind="connect"):
    """Cut off before a response; or, as its kinds say, not even that far."""


class NameUnknown(Unreachable, reason="dns"):
    """The host's name has no address."""


class ConnectionRefused(Unreachable, reason="connect"):
    """Nobody listens at the host's address, or there is no way to it."""


class HandshakeFailed(Unreachable, reason="tls"):
    """The host speaks no TLS that we do, or shows a certificate that is not its own."""


class TimedOut(Transient, reason="timeout"):
    """No first byte, too slow, or too long in all."""


class Truncated(Transient, reason="truncated"):
    """The body ended before the server said it would."""


class Throttled(Transient, reason="rate_limited"):
    """The server asked us to come back later."""


class RefusedForNow(Throttled, reason="refused_for_now", kind="rate_limited"):
    """The server answers 403 where it let us in before: it has had enough of us, and will get over it."""


class ServerFailed(Transient, reason="server_failed", kind="http_status"):
    """The server answered with a 5xx."""


class ResponsePartial(ServerFailed, reason="partial"):
    """The server answered with 206: a part, which nobody had asked for."""


class ResponseEmpty(Transient, reason="empty"):
    """The server answered, but with nothing in it: 204, 205, or a body of no bytes."""


class RobotsUnknown(Transient, reason="robots_unknown", kind="robots"):
    """The host's robots.txt can't be had just now (RFC 9309, 2.3.1.4), so nothing may be asked."""


class WarehouseBusy(Transient, reason="warehouse_busy"):
    """Another process is writing the warehouse."""


class WarehouseAway(Transient, reason="warehouse_away"):
    """The PostgreSQL of the state or of the lake, or the storage of its files, can't be reached just now."""


class ClusterAway(Transient, reason="cluster_away"):
    """The cluster that is to read pages can't be had, or was lost while it read."""


class Undelivered(Transient, reason="undelivered"):
    """An alert did not reach its receiver."""


class AddressRefused(Permanent, reason="address_refused", kind="blocked"):
    """Not http or https, or an address that points inward."""


class RobotsRefused(Permanent, reason="robots"):
    """The host's robots.txt asks us not to."""


class PageMissing(Permanent, reason="missing", kind="http_status"):
    """404."""


class PageGone(Permanent, reason="gone"):
    """410: removed for good."""


class PageForbidden(Permanent, reason="forbidden", kind="http_status"):
    """The server won't show it to us."""


class PageLocked(PageForbidden, reason="auth"):
    """The server wants a name and a password (401, 407)."""


class RedirectsEndless(Permanent, reason="redirect"):
    """Redirects went on for too long, or in a circle."""


class ResponseTooLarge(Permanent, reason="too_large"):
    """More than we take, as sent or decompressed."""


class ResponseCorrupt(Permanent, reason="decode"):
    """Not the compression that it claims to be."""


class ProtocolBroken(ResponseCorrupt, reason="protocol"):
    """Not HTTP, or not as RFC 9110 and 9112 have it."""


class CaptureUnreadable(Permanent, reason="capture_unreadable"):
    """The archive has no such record, or a damaged one."""


class NotAFeed(Permanent, reason="not_a_feed", kind="parse"):
    """The address answers, but not with a feed."""


class NoArticleList(NotAFeed, reason="no_article_list"):
    """The address is to be a section page, and answers, but shows no list of articles."""


class NotAnArticle(Permanent, reason="not_an_article", kind="parse"):
    """The page answers, but holds no article we can read."""


class ReaderDied(Permanent, reason="reader_died", kind="parse"):
    """Reading the page killed the process that read it: out of memory, or a fault in a library."""


class ReaderBroke(ReaderDied, reason="reader_broke"):
    """Reading the page ended in an error that nobody foresaw: a fault of ours or of a library."""


class ReaderHung(ReaderDied, reason="reader_hung", kind="timeout"):
    """Reading the page took longer than any page may, and was ended."""


class Unsupported(NotAnArticle, reason="unsupported"):
    """The address answers with a file of another kind: a picture, a film, a PDF."""


class ErrorPage(NotAnArticle, reason="error_page", kind="http_status"):
    """The page answers 200, but with an error in the article's place."""


class MissingPage(ErrorPage, reason="missing_page"):
    """The page answers 200, but says that there is no such page."""


class AccessBlocked(NotAnArticle, reason="blocked"):
    """The page answers 200, but asks whether we are a robot, or shows us the door."""


class ConsentAsked(NotAnArticle, reason="consent"):
    """The page asks for consent to cookies before it shows an article."""


class SignInAsked(NotAnArticle, reason="auth"):
    """The page asks its reader to sign in or to subscribe before it shows an article."""


class TitleMismatch(NotAnArticle, reason="title_mismatch", kind="blocked"):
    """The page is short, has no word of the title that its feed gives, and states nothing of an article.

    A check or a wall in words we do not know is likelier than another headline: the page is fetched again later.
    """


class TooMuchMarkup(NotAnArticle, reason="too_much_markup", kind="too_large"):
    """The page's markup is longer, or of more elements, than any article's: a tree of it would take all memory."""


class Misconfigured(Permanent, reason="misconfigured"):
    """A setting, a source or an option is wrong; the message says which and what is allowed."""


class WarehouseUnusable(Permanent, reason="warehouse_unusable"):
    """No permission, damaged, or made by a newer version."""


class WarehouseDamaged(WarehouseUnusable, reason="warehouse_unusable"):
    """A database file that is truncated, corrupt, or no database."""


class MemoryShort(WarehouseUnusable, reason="out_of_memory"):
    """What was to be written or read takes more memory than the database or the process may have; less would do."""


class DiskFull(WarehouseUnusable, reason="disk_full"):
    """A file can't be written whole: the disk is full, or a quota or a limit of file sizes is reached."""


class QueryRefused(Permanent, reason="query_refused"):
    """SQL that a person gave us does not run."""


class ValidatorFailed(Permanent, reason="judge_failed"):
    """An expectation broke while validating: our error, never bad data."""


class ServerUnusable(Permanent, reason="server_unusable"):
    """The Prefect server that we started does not answer."""


class Defect(Permanent, reason="defect"):
    """A bug of ours, taken for the failure of the one source or batch in which it came up."""


def disk_full(path: Path | str, found: str) -> DiskFull:
    """Return the error that says where no more can be written, and what to do."""
    message = f"there is no room on the disk for {path}: make some, and run again; what was kept stays ({found})"
    return DiskFull(message, about=str(path))


def error_kind(reason: str | None) -> ErrorKind | None:
    """Return the kind of failure a reason is of; None where it is none, or not the web's doing."""
    return _KINDS.get(reason)


def passing_reasons() -> list[str]:
    """Return every reason that another try may fix."""
    families: list[type[Transient]] = [Transient]
    for family in families:
        families.extend(family.__subclasses__())
    return [family.reason for family in families]
