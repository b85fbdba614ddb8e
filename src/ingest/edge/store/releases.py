"""Releases: when the analysts' file was made, and making it again."""

import logging
import os
import time
from datetime import datetime, timedelta

from ...keys import content_key
from ..extras import Extras, shipped_extras
from ..files import file_digest
from ..release import Release, build_news, file_shape, renew_news
from ..released_file import Fingerprint, clear_partial_files, difference, file_mark, put_in_place
from ..warehouse import Row, Warehouse
from .rows import Rows, noun

log = logging.getLogger("ingest")

MOST_RENEWED = 0.25  # of all articles: where more have changed, to write the file anew costs no more


class ReleaseRows(Rows):
    """What is kept of releases."""

    def __init__(self, warehouse: Warehouse, extras: Extras | None = None) -> None:
        super().__init__(warehouse)
        self._extras = extras or shipped_extras()

    def last_release(self) -> tuple[datetime, timedelta] | None:
        """Say when the analysts' file was last made, and how long that took; None where another lies in its place."""
        last = self._last()
        is_there = last is not None and self._is_in_place(last)
        return (last["released_at"], timedelta(seconds=last["took_seconds"])) if last and is_there else None

    def is_released(self) -> bool:
        """Say whether the analysts' file is the one that was released, and holds all that is published."""
        last = self._last()
        return last is not None and last["mark"] == self._mark() and self._is_in_place(last)

    def release(self, now: datetime) -> bool:
        """Replace the analysts' file by one that holds all that is published; say whether there was need.

        Where few articles have changed since we left it, the new one is a copy in which these are replaced. What is
        not the file that was released is made anew.
        """
        if self.is_released():
            return False
        began = time.monotonic()
        target, shape = self._warehouse.news_path, file_shape(self._extras)
        partial = target.with_name(f"{target.name}.partial{os.getpid()}")
        with self._warehouse.alone() as connection:
            mark, last = self._mark(), self._last()
            is_in_place = last is not None and self._is_in_place(last, tell=True)
            if last and is_in_place and last["mark"] == mark:
                return False  # another worker was first
            release = Release(release_id=content_key("release", mark, now.isoformat()), released_at=now)
            clear_partial_files(target)  # now that no other worker builds one
            self._warehouse.settle(connection)
            if last and is_in_place and self._is_worth_renewing(last, shape):
                renew_news(connection, target, partial, self._extras, release)
            else:
                build_news(connection, partial, self._extras, release)
            digest = file_digest(partial)
            put_in_place(partial, target)
            kept = {
                "mark": mark, "released_at": now, "release_id": release.release_id, "file_shape": shape,
                "file_mark": file_mark(target), "file_digest": digest,
            }  # fmt: skip
            with self._warehouse.write() as transaction:
                took = time.monotonic() - began
                transaction.insert("ops.releases", [kept | {"took_seconds": took}])
                transaction.run("forget_unreleased")
        return True

    def _is_worth_renewing(self, last: Row, shape: str) -> bool:
        """Say whether to change a copy of the last file costs less than to write one anew, and is as safe."""
        if last["file_shape"] != shape or not self._has_changed_little():
            return False
        return file_digest(self._warehouse.news_path) == str(last["file_digest"])  # whole, for it is what gets copied

    def _is_in_place(self, last: Row, *, tell: bool = False) -> bool:
        """Say whether the file is the one that was released last; one that was copied is, and its place is noted."""
        target = self._warehouse.news_path
        if not target.exists() or last["release_id"] is None:  # a version that noted no ids has made it
            return False
        if differs := difference(target, noun(Fingerprint, last)):
            if tell:
                log.warning("%s is not the file that was released: %s; it is made anew", target, differs)
            return False
        if (mark := file_mark(target)) != last["file_mark"]:
            with self._warehouse.write() as transaction:
                transaction.run("note_file_mark", file_mark=mark, release_id=last["release_id"])
        return True

    def _last(self) -> Row | None:
        return next(iter(self._warehouse.read("last_release")), None)

    def _mark(self) -> str:
        return f"{self._warehouse.read('release_mark')[0]['mark']} {self._extras.mark}"

    def _has_changed_little(self) -> bool:
        counts = self._warehouse.read("count_unreleased")[0]
        return bool(counts["unreleased"] <= MOST_RENEWED * counts["published"])
