"""A reader of the archive that knows nothing of how it is written: gzip members, header lines and blocks, by hand."""

import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as it lies in a file."""

    place: Place
    length: int
    headers: Mapping[str, str]  # names in lower case
    block: bytes

    @property
    def kind(self) -> str:
        """Return what it is: warcinfo, request, response, revisit, or a resource: bytes that are no HTTP answer."""
        return self.headers["warc-type"]

    @property
    def url(self) -> str | None:
        """Return the address it is about."""
        return self.headers.get("warc-target-uri")

    @property
    def status(self) -> int:
        """Return the status of an answer, if it has any."""
        if self.kind == "resource":
            return 0
        return int(self.block.split(b" ", 2)[1])

    @property
    def payload(self) -> bytes:
        """Return what follows the HTTP headers."""
        return self.block.partition(b"\r\n\r\n")[2]


def read_archive(folder: Path) -> dict[Place, Record]:
    """Read every whole record of every file, by file and offset."""
    found = {}
    for path in sorted(folder.glob("*.warc.gz")):
        for offset, length, data in _members(path.read_bytes()):
            found[path.name, offset] = _record((path.name, offset), length, data)
    return found


def conformance_flaws(folder: Path, records: Mapping[Place, Record]) -> list[str]:
    """Name where the records are not what WARC 1.1 wants, or another reader finds other ones."""
    flaws = [f"{name} does not begin with a warcinfo" for name, kind in _beginnings(records) if kind != "warcinfo"]
    ids = [record.headers["warc-record-id"] for record in records.values()]
    flaws += [f"{one} is the name of two records" for one in {one for one in ids if ids.count(one) > 1}]
    by_id = dict(zip(ids, records.values(), strict=True))
    for record in records.values():
        flaws += [f"{record.place}, {record.kind} of {record.url}: {flaw}" for flaw in _flaws(record, by_id)]
    return flaws + [flaw for path in folder.glob("*.warc.gz") for flaw in _other_reader(path, records)]


def payload_of(record: Record, records: Mapping[Place, Record]) -> bytes:
    """Return the payload of a record, or of the one that it refers to for it."""
    if record.headers.get("warc-profile", "").endswith("/identical-payload-digest"):
        origin = record.headers["warc-refers-to-filename"], int(record.headers["warc-refers-to-file-offset"])
        return records[origin].payload
    return record.payload


def _members(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where each gzip member begins, its length and what it holds, up to one that was cut off."""
    start = 0
    while start < len(data):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        content = decoder.decompress(data[start:])
        if not decoder.eof:
            return
        length = len(data) - len(decoder.unused_data) - start
        yield start, length, content
        start += length


def _record(place: Place, length: int, data: bytes) -> Record:
    head, _, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    size = int(headers["content-length"])
    assert version == "WARC/1.1", place
    assert rest[size:] == b"\r\n\r\n", place  # the block has its length, and the record its end
    return Record(place=place, length=length, headers=headers, block=rest[:size])


def _beginnings(records: Mapping[Place, Record]) -> Iterator[tuple[str, str]]:
    return ((name, record.kind) for (name, offset), record in records.items() if offset == 0)


def _flaws(record: Record, by_id: Mapping[str, Record]) -> Iterator[str]:
    headers = record.headers
    if headers["warc-block-digest"] != _sha1(record.block):
        yield "its block is not what its digest says"
    if record.kind == "response" and headers["warc-payload-digest"] != _sha1(record.payload):
        yield "its payload is not what its digest says"
    if record.kind == "revisit":
        yield from _reference_flaws(record, by_id)
    if record.kind == "request" and by_id[headers["warc-concurrent-to"]].url != record.url:
        yield "it is tied to an answer from elsewhere"
    if record.kind != "warcinfo" and not (record.url or "").isascii():
        yield "its address is not ASCII"


def _reference_flaws(record: Record, by_id: Mapping[str, Record]) -> Iterator[str]:
    headers = record.headers
    if "warc-refers-to" not in headers:
        if record.status != 304:
            yield "it refers to nothing"
        return
    origin = by_id.get(headers["warc-refers-to"])
    if origin is None or origin.kind != "response":
        yield "it refers to what is not there"
        return
    told = [headers[f"warc-refers-to-{name}"] for name in ("target-uri", "date", "filename", "file-offset")]
    if told != [origin.url, origin.headers["warc-date"], origin.place[0], str(origin.place[1])]:
        yield f"it says of what it refers to {told}"
    if headers["warc-payload-digest"] != origin.headers["warc-payload-digest"]:
        yield "it has another digest than what it refers to"


def _other_reader(path: Path, records: Mapping[Place, Record]) -> Iterator[str]:
    """Return the records that the library finds elsewhere, or can't read."""
    with path.open("rb") as file:
        found = ArchiveIterator(file, check_digests="raise")
        for name, offset in records:
            if name == path.name:
                next(found).content_stream().read()
                if found.get_record_offset() != offset:
                    yield f"{name} has a record at {found.get_record_offset()}, not {offset}"


def _sha1(data: bytes) -> str:
    return f"sha1:{b32encode(sha1(data, usedforsecurity=False).digest()).decode()}"
