"""Everything we raise. It is worth another try, or it is not, and it says what it is about.

IngestError
├── Transient                try again later
│   ├── Unreachable          no address, no connection, no handshake, or cut off before an answer
│   ├── TimedOut             no first byte, too slow, or too long in all
│   ├── Truncated            the body ended before the server said it would
│   ├── Throttled            429, or another refusal that names a time to come back
│   ├── ServerFailed         any 5xx
│   ├── RobotsUnknown        robots.txt can't be had just now, so nothing may be asked
│   ├── WarehouseBusy        another process is writing
│   └── Undelivered          an alert did not reach its receiver
└── Permanent                don't
    ├── AddressRefused       not http(s), or it points inward
    ├── RobotsRefused        robots.txt says no
    ├── PageMissing          404
    ├── PageGone             410
    ├── PageForbidden        401, 402, 403, 451 and other 4xx
    ├── RedirectsEndless     too many, or in a circle
    ├── ResponseTooLarge     headers or body, as sent or decompressed
    ├── ResponseCorrupt      not the compression, or not the protocol, it claims
    ├── CaptureUnreadable    the archive has no such record, or a damaged one
    ├── NotAFeed             the address answers, but not with a feed
    ├── NotAnArticle         the page answers, but holds no story
    │   ├── AccessBlocked    it asks whether we are a robot, or shows us the door
    │   ├── ConsentAsked     it asks for consent to cookies first
    │   ├── SignInAsked      it asks its reader to sign in or to subscribe first
    │   └── TooMuchMarkup    its markup is longer, or of more elements, than any story's
    ├── ReaderDied           reading the page killed the process that read it
    ├── Misconfigured        a setting, a source or an option is wrong
    ├── WarehouseUnusable    no permission, damaged, or made by a newer version
    ├── QueryRefused         SQL that a person gave us does not run
    └── JudgeFailed          an expectation broke: our error, never bad data
"""

from datetime import datetime

from .model import Capture


class IngestError(Exception):
    """Anything we raise; `about` names the thing, `reason` is short and countable.

    What a server did wrong is told by `hop`, the address that failed, and `captures`, the answers on the way to it:
    the last one, if it is of that address, holds what was answered there.
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
    """No address, no connection, no handshake, or cut off before an answer."""

    reason = "unreachable"


class TimedOut(Transient):
    """No first byte, too slow, or too long in all."""

    reason = "timed_out"


class Truncated(Transient):
    """The body ended before the server said it would."""

    reason = "truncated"


class Throttled(Transient):
    """The server asked us to come back later."""

    reason = "throttled"


class ServerFailed(Transient):
    """The server answered with a 5xx."""

    reason = "server_failed"


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


class RedirectsEndless(Permanent):
    """Redirects went on for too long, or in a circle."""

    reason = "redirects_endless"


class ResponseTooLarge(Permanent):
    """More than we take, as sent or decompressed."""

    reason = "too_large"


class ResponseCorrupt(Permanent):
    """Not the compression, or not the protocol, that it claims to be."""

    reason = "corrupt"


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
