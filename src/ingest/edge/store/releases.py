"""Releases: when the analysts' file was made, and making it again."""

import logging
import os
import time
from datetime import UTC, datetime, timedelta

from ...keys import content_key
from ...state import State
from ..extras import Extras, shipped_extras
from ..files import file_digest, writing
from ..release import Release, build_news, file_shape, renew_news
from ..released_file import Fingerprint, clear_partial_files, difference, file_mark, put_in_place, release_in_place
from ..warehouse import Row, Warehouse
from .copying import CopyRows
from .publication import PublicationRows
from .rows import noun

log = logging.getLogger("ingest")

A_DAY = timedelta(days=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOST_RENEWED = 0.25  # of all articles: where more have changed, to write the file anew costs no more


class ReleaseRows(CopyRows, PublicationRows):
    """What is kept of releases."""

    def __init__(self, warehouse: Warehouse, state: State, extras: Extras | None = None) -> None:
        super().__init__(warehouse, state)
        self._extras = extras or shipped_extras()

    def last_release(self) -> tuple[datetime, timedelta] | None:
        """Return when the analysts' file was last made, and how long that took; None where another is in its place."""
        last = self._last()
        if last is None or not self._is_in_place(last):
            return None
        return last["released_at"], timedelta(seconds=last["took_seconds"])

    def is_released(self) -> bool:
        """Return whether the analysts' file is the one that was released, and holds all that is published."""
        self._catch_up()
        last = self._last()
        return last is not None and last["mark"] == self._mark() and self._is_in_place(last)

    def release(self, now: datetime) -> bool:
        """Replace the analysts' file by one that holds all that is published; return whether there was need.

        Where few articles have changed since we left it, the new one is a copy in which these are replaced. What is
        not the file that was released is made anew. A release is recorded before its file is put in place, and noted
        as there behind it: whichever of the two files a run that dies in between leaves, the next one knows it.
        """
        began = time.monotonic()
        self._catch_up()
        target, shape = self._warehouse.news_path, file_shape(self._extras)
        partial = target.with_name(f"{target.name}.partial{os.getpid()}")
        with writing(target), self._warehouse.alone() as connection:
            mark, last = self._mark(), self._last()
            known = self._known(last)
            differs = self._difference(known) if known else None
            is_in_place = known is not None and differs is None
            if last and is_in_place and last["mark"] == mark:
                return False
            if differs:
                log.warning("%s is not the file that was released: %s; it is made anew", target, differs)
            release = Release(release_id=content_key("release", mark, now.isoformat()), released_at=now)
            clear_partial_files(target)  # now that no other worker builds one
            self._keep_listings(last)
            self._warehouse.settle(connection)
            if last and is_in_place and self._is_worth_renewing(last, shape):
                renew_news(connection, target, partial, self._extras, release)
            else:
                build_news(connection, partial, self._extras, release)
            digest = file_digest(partial)
            kept = {
                "mark": mark, "released_at": now, "release_id": release.release_id, "file_shape": shape,
                "file_mark": None, "file_digest": digest, "took_seconds": time.monotonic() - began,
            }  # fmt: skip
            with self._warehouse.write() as transaction:
                transaction.insert("ops.releases", [kept])
            put_in_place(partial, target)
            with self._warehouse.write() as transaction:
                transaction.run("note_file_mark", file_mark=file_mark(target), release_id=release.release_id)
                transaction.run("forget_unreleased")
        return True

    def _catch_up(self) -> None:
        """Bring what analysts see of the state into the warehouse."""
        self.publish_presence()
        self.copy_history()

    def _keep_listings(self, last: Row | None) -> None:
        """Publish when sources listed articles last; a day before the last release covers what was under way then."""
        since = last["released_at"] - A_DAY if last else LONG_AGO
        listed = self._state.read("listed_articles", {"listed_since": since})
        if listed:
            with self._warehouse.write() as transaction:
                transaction.run("keep_listings", listed=listed)

    def _is_worth_renewing(self, last: Row, shape: str) -> bool:
        """Return whether to change a copy of the last file costs less than to write one anew, and is as safe."""
        if last["file_shape"] != shape or not self._has_changed_little():
            return False
        return file_digest(self._warehouse.news_path) == str(last["file_digest"])  # whole, for it is what gets copied

    def _known(self, last: Row | None) -> Fingerprint | None:
        """Return what was noted of the last release; None where no file lies there, or an older version made it."""
        is_known = last is not None and last["release_id"] is not None and self._warehouse.news_path.exists()
        return noun(Fingerprint, last) if last and is_known else None

    def _is_in_place(self, last: Row) -> bool:
        known = self._known(last)
        return known is not None and self._difference(known) is None

    def _difference(self, known: Fingerprint) -> str | None:
        """Return how the file differs from the one that was released; of a copy, what the file system says is noted."""
        target = self._warehouse.news_path
        differs = difference(target, known)
        if differs is None and (mark := file_mark(target)) != known.file_mark:
            with self._warehouse.write() as transaction:
                transaction.run("note_file_mark", file_mark=mark, release_id=known.release_id)
        return differs

    def _last(self) -> Row | None:
        return release_in_place(self._warehouse.read("last_releases"), self._warehouse.news_path)

    def _mark(self) -> str:
        return f"{self._warehouse.read('release_mark')[0]['mark']} {self._extras.mark}"

    def _has_changed_little(self) -> bool:
        counts = self._warehouse.read("count_unreleased")[0]
        return bool(counts["unreleased"] <= MOST_RENEWED * counts["published"])
