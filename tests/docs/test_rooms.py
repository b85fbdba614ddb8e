"""The architecture page shows the rooms as the code has them, and leads to files that are there."""

import re

from tests.docs.rooms import PAGE, rewritten
from tests.test_layers import PACKAGE, ROOT


def test_tree_and_picture_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == rewritten(page)


def test_every_file_to_look_into_is_there() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## Where to look")[2].partition("##")[0]
    named = re.findall(r"`([\w/]+\.(?:py|sql|yaml))`", table)

    assert len(named) > 10
    assert [name for name in named if not any((top / name).exists() for top in (PACKAGE, ROOT))] == []
