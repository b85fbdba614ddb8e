"""The nouns on the data's path, one per hop. They hold values and refer to each other by key; they do nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

PollOutcome = Literal["served", "unchanged", "failed"]
Outcome = Literal["published", "unchanged", "quarantined", "rejected", "failed"]
ParagraphKind = Literal["heading", "paragraph", "quote", "list_item", "caption", "boilerplate"]
BESIDE_BODY = frozenset({"caption", "boilerplate"})  # kinds of paragraphs that are no part of the text
LinkKind = Literal["inline", "related", "source"]
FigureKind = Literal["money", "percent", "count", "duration", "age", "measurement", "ratio"]
Qualifier = Literal["exact", "approximate", "more_than", "at_least", "at_most", "less_than"]
Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A newsroom's feed that we watch, and what its readers need to know about it."""

    source_id: str  # the key its owner gave it in sources.toml: "latin-post"
    name: str
    feed_url: str
    site_url: str | None = None
    feed_candidates: tuple[str, ...] = ()  # addresses to try, in order, while feed_url fails
    listing_urls: tuple[str, ...] = ()  # section pages; one of them as feed_url: the source has no feed
    language: str | None = None  # ISO 639-1; the text itself is believed over it
    country: str | None = None  # ISO 3166-1 alpha-2; decides separators and bare currencies
    timezone: str = "UTC"  # IANA; for dates that name no zone
    poll_every_seconds: int | None = None
    categories: tuple[str, ...] = ()  # folders of the feed reader it came from, "/News/Coast"; for people alone
    article_id_pattern: str | None = None  # regular expression; its first group identifies an article on the site
    body_selectors: tuple[str, ...] = ()  # CSS; a hint for pages on which the general reader fails
    exclude_selectors: tuple[str, ...] = ()  # CSS; what is never part of an article here
    secret: str | None = None  # the environment variable that holds it
    secret_as: str | None = None  # "basic", "bearer" or a header's name; None: it stands in the address, at {secret}
    proxy: str | None = None  # the environment variable that holds its address

    @property
    def is_listing(self) -> bool:
        """Return whether its section pages are what is watched, and not a feed."""
        return self.feed_url in self.listing_urls

    @property
    def section_urls(self) -> tuple[str, ...]:
        """Return the section pages to read where no feed answers: those listed, else the site's front page."""
        return self.listing_urls or ((self.site_url,) if self.site_url else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a server told us last time, to be repeated so that it may answer 304."""

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None  # the address that told us, after redirects; None for the one that is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where in the archive a response lies, byte for byte."""

    capture_id: str
    url: str
    captured_at: datetime
    status: int
    payload_hash: str  # SHA-256 of the decoded body
    warc_file: str  # name inside the archive folder
    warc_offset: int
    warc_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server answered for an address: its headers, its body decompressed, nothing read yet."""

    requested_url: str
    final_url: str
    moved_to: str | None = None  # where permanent redirects (301, 308) alone led, if they led anywhere
    status: int
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case, in the order received
    body: bytes = field(repr=False)
    fetched_at: datetime
    elapsed_ms: int = 0
    received_bytes: int = 0  # as sent, before decompression
    capture: Capture | None = None

    @property
    def captures(self) -> tuple[Capture, ...]:
        """Return the capture, where there is one, as errors have theirs."""
        return (self.capture,) if self.capture else ()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever its case."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One visit to a source's feed, successful or not."""

    source_id: str
    polled_at: datetime
    outcome: PollOutcome
    reason: str | None = None  # short and countable: "timeout", "not_a_feed"
    detail: str | None = None  # one sentence for a person
    status: int | None = None
    feed_url: str
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    entries_listed: int = 0
    entries_found: int = 0  # new or changed ones among them
    received_bytes: int = 0
    elapsed_ms: int = 0
    lag_seconds: int | None = None  # from the publication of what was new to this visit
    failures_in_a_row: int = 0
    next_poll_at: datetime | None = None
    capture_id: str | None = None  # what was answered, also where it could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a feed lists it; its page has not been seen yet."""

    entry_id: str
    source_id: str
    guid: str | None
    url: str | None
    title: str
    authors: tuple[str, ...] = ()
    summary: str | None = None  # plain text
    content_html: str | None = field(default=None, repr=False)  # the whole article, where the feed carries it
    published_at: datetime | None = None
    updated_at: datetime | None = None
    published_raw: str | None = None  # as the feed wrote it
    language: str | None = None
    tags: tuple[str, ...] = ()
    listing_hash: str  # changes when the feed says something new about the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as read: what it says of itself, and its entries in the order given."""

    title: str | None
    site_url: str | None
    language: str | None
    format: str  # "rss20", "atom10", "json11", "section"
    entries: tuple[Entry, ...]
    ttl_seconds: int | None = None
    flaws: tuple[str, ...] = ()  # what was wrong with it, though it could be read
    hub_urls: tuple[str, ...] = ()
    self_url: str | None = None  # what hubs know it by
    rejected: tuple[tuple[str, str], ...] = ()  # (what was listed, why it can't be an entry)

    @property
    def newest(self) -> datetime | None:
        """When the newest of its entries was published, as far as they have dates."""
        return max((entry.published_at for entry in self.entries if entry.published_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One visit to an entry's page, successful or not."""

    entry_id: str
    source_id: str
    url: str
    fetched_at: datetime
    status: int | None = None
    final_url: str | None = None  # the hop that answered, or that failed
    reason: str | None = None  # None when the page was served
    detail: str | None = None
    retry_at: datetime | None = None  # None when another visit would be no use
    received_bytes: int = 0
    elapsed_ms: int = 0
    capture: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A heading, paragraph, quote or list item of an article, or a caption or boilerplate beside it, as plain text."""

    kind: ParagraphKind
    text: str
    heading: str | None = None  # the nearest heading above it


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address an article points at, and why it does; or, without one, an outlet or person that it leans on."""

    kind: LinkKind
    url: str | None  # None where a source is named in plain words
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image or video of an article, with what is said about it."""

    kind: Literal["image", "video"]
    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as read from its page, with its body in paragraphs."""

    article_id: str
    source_id: str
    url: str  # where its page was finally served
    canonical_url: str  # normalised; what the article is known by
    title: str
    authors: tuple[str, ...] = ()
    summary: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_raw: str | None = None
    published_offset_minutes: int | None = None  # the page's own distance from UTC, so that its local day is known
    paragraphs: tuple[Paragraph, ...] = ()
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    flags: tuple[str, ...] = ()  # "body_from_feed", "zone_assumed", "paywall"
    evidence: tuple[tuple[str, str], ...] = ()  # (field, what won): ("title", "json-ld headline")

    @property
    def body(self) -> str:
        """The whole text, headings included, captions and boilerplate not, paragraphs parted by an empty line."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs if paragraph.kind not in BESIDE_BODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number a paragraph quotes, as in GUIDELINES: what it is worth, what it counts, who said so."""

    start: int  # offsets into the paragraph's text, which they reproduce exactly
    end: int
    text: str
    value: Decimal
    value_high: Decimal | None = None  # the upper end, where a range was quoted
    kind: FigureKind
    unit: str | None  # ISO 4217 for money; singular otherwise
    canonical_unit: str | None = None  # the unit in English, whatever the language; None where its name is not known
    qualifier: Qualifier = "exact"
    subject: str | None = None  # as written
    attributed_to: str | None = None  # as written, within the sentence but for the flag attribution_carried
    originator: str | None = None  # who said it, as written, where the sentence also names who passed it on
    relayed_by: str | None = None  # the outlet that passed it on
    sentence_start: int
    sentence_end: int
    flags: tuple[str, ...] = ()  # "improbable_percent", "currency_assumed"
    rules: tuple[str, ...] = ()  # the names of the rules that made it


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one source brought in one run, staged to be validated as a whole."""

    batch_id: str
    run_id: str
    source_id: str
    staged_at: datetime
    articles: int
    figures: int
    state: Literal["staged", "validated", "rejected", "published"] = "staged"
    published_at: datetime | None = None  # one that is validated all the same is to be published again


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationResult:
    """What one expectation says about one batch."""

    batch_id: str
    suite: str  # the staged table it validates: "figures"
    rule: str  # its name within the suite, stable over time
    severity: Severity
    passed: bool
    checked: int  # rows looked at
    unexpected: int  # rows that failed
    observed: str | None = None  # what was found, for a person
    note: str  # why a reader would care
    failing_rows: str | None = None  # SQL predicate over the staged table; None when the batch as a whole is validated
    is_final: bool = False  # nobody can accept a row that it refuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something a person should know about, from the moment it broke to the moment it is over."""

    alert_id: str
    fingerprint: str  # what broke, where: the same trouble has the same one
    source_id: str | None
    severity: Severity
    title: str
    body: str
    opened_at: datetime
    last_seen_at: datetime
    told_at: datetime  # when a person was last told of it
    reminders: int = 0  # since it last opened
    returns: int = 0  # times it came back soon after it was over
    quiet_since: datetime | None = None  # it is unsteady, and over for now
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, told after the rows that prove it were committed."""

    event_id: str
    name: str
    occurred_at: datetime
    source_id: str | None
    payload: dict[str, str | int | None]
