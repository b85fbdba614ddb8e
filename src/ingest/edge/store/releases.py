"""Releases: when the analysts' file was made, and making it again."""

import os
import time
from datetime import datetime, timedelta

from ..extras import Extras, shipped_extras
from ..release import build_news, clear_partial_files, file_mark, put_in_place, renew_news
from ..warehouse import Row, Warehouse
from .rows import Rows

MOST_RENEWED = 0.25  # of all articles: where more have changed, to write the file anew costs no more


class ReleaseRows(Rows):
    """What is kept of releases."""

    def __init__(self, warehouse: Warehouse, extras: Extras | None = None) -> None:
        super().__init__(warehouse)
        self._extras = extras or shipped_extras()

    def last_release(self) -> tuple[datetime, timedelta] | None:
        """Say when the analysts' file was last made, and how long that took."""
        last = self._last() if self._warehouse.news_path.exists() else None
        return (last["released_at"], timedelta(seconds=last["took_seconds"])) if last else None

    def is_released(self) -> bool:
        """Say whether the analysts' file holds all that is published."""
        return self._holds(self._mark(), self._last())

    def release(self, now: datetime) -> bool:
        """Replace the analysts' file by one that holds all that is published; say whether there was need.

        Where few articles have changed since we left it, the new one is a copy in which these are replaced.
        """
        target, mark, last = self._warehouse.news_path, self._mark(), self._last()
        if self._holds(mark, last):
            return False
        began = time.monotonic()
        partial = target.with_name(f"{target.name}.partial{os.getpid()}")
        with self._warehouse.alone() as connection:
            clear_partial_files(target)  # now that no other worker builds one
            self._warehouse.settle(connection)
            if last and last["file_mark"] == file_mark(target, self._extras) and self._has_changed_little():
                renew_news(connection, target, partial, self._extras)
            else:
                build_news(connection, partial, self._extras)
            put_in_place(partial, target)
            release = {"mark": mark, "released_at": now, "file_mark": file_mark(target, self._extras)}
            with self._warehouse.write() as transaction:
                took = time.monotonic() - began
                transaction.insert("ops.releases", [release | {"took_seconds": took}])
                transaction.run("forget_unreleased")
        return True

    def _holds(self, mark: str, last: Row | None) -> bool:
        return self._warehouse.news_path.exists() and last is not None and last["mark"] == mark

    def _last(self) -> Row | None:
        return next(iter(self._warehouse.read("last_release")), None)

    def _mark(self) -> str:
        return f"{self._warehouse.read('release_mark')[0]['mark']} {self._extras.mark}"

    def _has_changed_little(self) -> bool:
        counts = self._warehouse.read("count_unreleased")[0]
        return bool(counts["unreleased"] <= MOST_RENEWED * counts["published"])
