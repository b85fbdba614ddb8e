"""When a name is wrong: what is called boilerplate but holds most of a page's prose is the article after all."""

from collections.abc import Iterable, Mapping, Sequence

from bs4 import Tag

from .blocks import Block
from .boilerplate import doubts_of, is_strong

MOST = 0.6  # share of the prose
STRONGLY = 0.9  # the same where a name leaves little doubt


def find_exceptions(blocks: Sequence[Block], prose: Mapping[int, float]) -> set[int]:
    """Return, by their ids, the elements that were called boilerplate but hold most of what there is to read.

    The largest is decided first, and what it holds counts against the next. Then those of one class are decided
    together, and then all that are still called by the same words: such a word means nothing on that page.
    """
    decisions = _Decisions(blocks, prose)
    doubted = decisions.doubted.values()
    decisions.decide(_groups((str(id(tag)), tag) for tag in doubted))
    decisions.decide(_groups((f"{tag.name} {tag.attrs.get('class', '')}", tag) for tag in doubted))
    decisions.decide(_groups((" ".join(doubts_of(tag)), tag) for tag in doubted if id(tag) not in decisions.exceptions))
    return decisions.exceptions


def _groups(named: Iterable[tuple[str, Tag]]) -> list[list[Tag]]:
    groups: dict[str, list[Tag]] = {}
    for name, tag in named:
        groups.setdefault(name, []).append(tag)
    return list(groups.values())


class _Decisions:
    """What each doubted element holds, and how much prose nobody doubts."""

    def __init__(self, blocks: Sequence[Block], prose: Mapping[int, float]) -> None:
        self.doubted: dict[int, Tag] = {}
        self.exceptions: set[int] = set()
        self._values = [max(0.0, prose[id(block)]) for block in blocks]
        self._doubts = [len(block.boilerplate) for block in blocks]
        self._within: dict[int, list[int]] = {}
        for index, block in enumerate(blocks):
            for tag in block.boilerplate:
                self.doubted[id(tag)] = tag
                self._within.setdefault(id(tag), []).append(index)
        self._worth = {key: sum(self._values[index] for index in within) for key, within in self._within.items()}
        self._clean = 1.0 + sum(value for value, doubts in zip(self._values, self._doubts, strict=True) if not doubts)

    def decide(self, groups: Iterable[Sequence[Tag]]) -> None:
        """Add each of these that holds most of its own and of the undoubted prose to the exceptions."""
        weighed = []
        for tags in groups:
            if not any(self._worth[id(tag)] for tag in tags):
                continue  # most of what is called boilerplate holds no prose at all
            held = self._held(tags)
            weighed.append((sum(self._values[index] for index in held), held, tags))
        for value, held, tags in sorted(weighed, key=lambda case: -case[0]):
            clean = self._clean - sum(self._values[index] for index in held if not self._doubts[index])
            if value / (value + clean) > (STRONGLY if any(map(is_strong, tags)) else MOST):
                self._add_exception(tags)

    def _held(self, tags: Sequence[Tag]) -> set[int]:
        return {index for tag in tags for index in self._within[id(tag)]}

    def _add_exception(self, tags: Sequence[Tag]) -> None:
        for tag in tags:
            if id(tag) in self.exceptions:
                continue
            self.exceptions.add(id(tag))
            for index in self._within[id(tag)]:
                self._doubts[index] -= 1
                self._clean += 0.0 if self._doubts[index] else self._values[index]
