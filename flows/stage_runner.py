"""What runs the stages of a run: Prefect's tasks (`pipeline.py`), or this process alone (`direct.py`)."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ingest.core.errors import IngestError


class StageRunner(Protocol):
    """Takes one stage for many keys, side by side or one after another."""

    @property
    def under_way(self) -> Collection[str]:
        """Return the keys of what was begun and has not ended, as far as that was settled."""
        ...

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        """Begin the stage of that name for every key, and wait for none."""
        ...

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        """Wait until what was begun for these keys has ended, or for so long; return all that has failed since."""
        ...

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every key; return those that failed with an error of ours."""
        ...

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        """Run a stage that takes a group of keys; return those that failed, all of them where the stage itself does."""
        ...

    def once(self, stage: str, *arguments: object) -> None:
        """Run a stage that has no keys."""
        ...
