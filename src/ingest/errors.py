"""Everything we raise. It is worth another try, or it is not, and it says what it is about.

IngestError
├── Transient: try again later
│   ├── Unreachable (NameUnknown, ConnectionRefused, HandshakeFailed), TimedOut, Truncated, ResponseEmpty
│   ├── Throttled (RefusedForNow: by a 403 after it had let us in), ServerFailed (ResponsePartial), RobotsUnknown
│   └── WarehouseBusy, Undelivered
└── Permanent: don't
    ├── AddressRefused, RobotsRefused, PageMissing, PageGone, PageForbidden (PageLocked: 401 and 407)
    ├── RedirectsEndless, ResponseTooLarge, ResponseCorrupt (ProtocolBroken), CaptureUnreadable, NotAFeed
    ├── NotAnArticle: no story there
    │   ├── Unsupported, TooMuchMarkup: a file of another kind, more markup than any story has
    │   ├── ErrorPage (MissingPage): it answers 200, but with an error, or a 404 in all but its status
    │   └── AccessBlocked, ConsentAsked, SignInAsked: it shows us the door, or a form
    ├── ReaderDied (ReaderHung): reading the page killed the process that read it, or held it too long
    └── Misconfigured, WarehouseUnusable, QueryRefused, JudgeFailed: ours to mend
"""

from datetime import datetime

from .model import Capture


class IngestError(Exception):
    """Anything we raise; `about` names the thing, `reason` is short and countable.

    `hop` is the address that failed, `captures` the answers on the way: the last may hold what was answered there.
    """

    reason = "error"

    def __init__(self, message: str, *, about: str) -> None:
        super().__init__(message)
        self.about = about
        self.hop: str | None = None
        self.captures: tuple[Capture, ...] = ()

    @property
    def capture(self) -> Capture | None:
        """Give what the address that failed answered, where it did."""
        last = self.captures[-1] if self.captures else None
        return last if last and last.url == self.hop else None


class Transient(IngestError):
    """Worth another try later; `retry_at` when somebody named the time."""

    reason = "transient"

    def __init__(self, message: str, *, about: str, retry_at: datetime | None = None) -> None:
        super().__init__(message, about=about)
        self.retry_at = retry_at


class Permanent(IngestError):
    """Trying again would end the same way."""

    reason = "permanent"


class Unreachable(Transient):
    """Cut off before an answer; or, as its kinds say, not even that far."""

    reason = "unreachable"


class NameUnknown(Unreachable):
    """The host's name has no address."""

    reason = "dns"


class ConnectionRefused(Unreachable):
    """Nobody listens at the host's address, or there is no way to it."""

    reason = "connect"


class HandshakeFailed(Unreachable):
    """The host speaks no TLS that we do, or shows a certificate that is not its own."""

    reason = "tls"


class TimedOut(Transient):
    """No first byte, too slow, or too long in all."""

    reason = "timed_out"


class Truncated(Transient):
    """The body ended before the server said it would."""

    reason = "truncated"


class Throttled(Transient):
    """The server asked us to come back later."""

    reason = "throttled"


class RefusedForNow(Throttled):
    """The server answers 403 where it let us in before: it has had enough of us, and will get over it."""

    reason = "rate_limited"


class ServerFailed(Transient):
    """The server answered with a 5xx."""

    reason = "server_failed"


class ResponsePartial(ServerFailed):
    """The server answered with 206: a part, which nobody had asked for."""

    reason = "partial"


class ResponseEmpty(Transient):
    """The server answered, but with nothing in it: 204, 205, or a body of no bytes."""

    reason = "empty"


class RobotsUnknown(Transient):
    """The host's robots.txt can't be had just now (RFC 9309, 2.3.1.4), so nothing may be asked."""

    reason = "robots_unknown"


class WarehouseBusy(Transient):
    """Another process is writing the warehouse."""

    reason = "warehouse_busy"


class Undelivered(Transient):
    """An alert did not reach its receiver."""

    reason = "undelivered"


class AddressRefused(Permanent):
    """Not http or https, or an address that points inward."""

    reason = "address_refused"


class RobotsRefused(Permanent):
    """The host's robots.txt asks us not to."""

    reason = "robots_refused"


class PageMissing(Permanent):
    """404."""

    reason = "missing"


class PageGone(Permanent):
    """410: removed for good."""

    reason = "gone"


class PageForbidden(Permanent):
    """The server won't show it to us."""

    reason = "forbidden"


class PageLocked(PageForbidden):
    """The server wants a name and a password (401, 407)."""

    reason = "auth"


class RedirectsEndless(Permanent):
    """Redirects went on for too long, or in a circle."""

    reason = "redirects_endless"


class ResponseTooLarge(Permanent):
    """More than we take, as sent or decompressed."""

    reason = "too_large"


class ResponseCorrupt(Permanent):
    """Not the compression that it claims to be."""

    reason = "corrupt"


class ProtocolBroken(ResponseCorrupt):
    """Not HTTP, or not as RFC 9110 and 9112 have it."""

    reason = "protocol"


class CaptureUnreadable(Permanent):
    """The archive has no such record, or a damaged one."""

    reason = "capture_unreadable"


class NotAFeed(Permanent):
    """The address answers, but not with a feed."""

    reason = "not_a_feed"


class NotAnArticle(Permanent):
    """The page answers, but holds no story we can read."""

    reason = "not_an_article"


class ReaderDied(Permanent):
    """Reading the page killed the process that read it: out of memory, or a fault in a library."""

    reason = "reader_died"


class ReaderHung(ReaderDied):
    """Reading the page took longer than any page may, and was ended."""

    reason = "reader_hung"


class Unsupported(NotAnArticle):
    """The address answers with a file of another kind: a picture, a film, a PDF."""

    reason = "unsupported"


class ErrorPage(NotAnArticle):
    """The page answers 200, but with an error in the story's place."""

    reason = "error_page"


class MissingPage(ErrorPage):
    """The page answers 200, but says that there is no such page."""

    reason = "missing_page"


class AccessBlocked(NotAnArticle):
    """The page answers 200, but asks whether we are a robot, or shows us the door."""

    reason = "blocked"


class ConsentAsked(NotAnArticle):
    """The page asks for consent to cookies before it shows a story."""

    reason = "consent"


class SignInAsked(NotAnArticle):
    """The page asks its reader to sign in or to subscribe before it shows a story."""

    reason = "auth"


class TooMuchMarkup(NotAnArticle):
    """The page's markup is longer, or of more elements, than any story's: a tree of it would take all memory."""

    reason = "too_much_markup"


class Misconfigured(Permanent):
    """A setting, a source or an option is wrong; the message says which and what is allowed."""

    reason = "misconfigured"


class WarehouseUnusable(Permanent):
    """No permission, damaged, or made by a newer version."""

    reason = "warehouse_unusable"


class QueryRefused(Permanent):
    """SQL that a person gave us does not run."""

    reason = "query_refused"


class JudgeFailed(Permanent):
    """An expectation broke while judging: our error, never bad data."""

    reason = "judge_failed"
