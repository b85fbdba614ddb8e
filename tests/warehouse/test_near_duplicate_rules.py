"""An article printed again is known again; a page from the same template is another article."""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from benchmarks.generated import told
from ingest.core.ids import content_hash
from ingest.warehouse.near_duplicate_model import ArticleText, Fingerprint
from ingest.warehouse.near_duplicate_rules import (
    BITS,
    SHORTEST_TEXT,
    are_near_duplicates,
    fingerprint,
    is_same_story,
    sketch,
)
from tests.makers import NOON

TITLE = "Old timber quay closes before winter"
LEAD = (
    "The harbour board voted on Tuesday to close the old timber quay before winter, after divers found that the oak "
    "piles under its northern half had rotted through."
)
REST = (
    (
        "Ferries to the islands will leave from the coal pier instead, the board said, and the fish market moves to "
        "the customs shed until a new deck has been laid."
    ),
    (
        "“Skippers have no shelter there and no lights,” said Ada Thorne of the pilots’ guild, who had warned the "
        "board of the piles since a storm loosened two of them in spring."
    ),
    (
        "The repair is to cost 4,100,000 dollars and take 14 months, which the town will pay out of the sale of the "
        "old rope works — a sum that the council has yet to approve."
    ),
)
ADDED = "The desk adds: readers of this paper know the quay from its regatta, which has been rowed there for decades."
FOOTER = (
    "Write to the desk at the usual address, follow us wherever you read, and support the paper of the coast with a "
    "subscription that pays for reporting, printing and the boat that brings the paper to the islands each morning. "
    "All rights to texts and pictures are reserved by the publishing house, which is a member of the press council."
)


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [
        ("Ferries to the islands leave from the coal pier", (LEAD, *REST)),
        ("A hard season ahead", (LEAD, *REST)),
        (TITLE, (LEAD, *REST[:2])),
        (TITLE, (ADDED, LEAD, *REST)),
        (TITLE, (ADDED, *REST)),
        (TITLE, (f"PORT ELLEN, 17 Nov (Wire) - {LEAD}", *REST)),
        (TITLE, (f"PORT ELLEN, 17 Nov (Agency) - {LEAD}", *REST)),
        (TITLE, (LEAD, REST[0], REST[1].replace("“", '"').replace("”", '"').replace("’", "'"), REST[2])),
        (TITLE, (LEAD, *REST[:2], REST[2].replace("4,100,000", "4.100.000").replace(" — ", " - "))),
        (TITLE, (LEAD, *REST[:2], REST[2].replace("4,100,000", "4\u202f100\u202f000"))),
        (TITLE.upper(), (LEAD.upper(), *REST)),
        ("Ferries leave from the coal pier", (f"17 Nov - {LEAD}", ADDED, *REST[:2])),
    ],
)
def test_an_article_printed_again_is_known(title: str, paragraphs: tuple[str, ...]) -> None:
    first, copy = story(TITLE, f"PORT ELLEN, 16 Nov (Agency) - {LEAD}", *REST), story(title, *paragraphs)

    assert is_same_story(first, copy)
    assert is_same_story(copy, first)
    assert is_found(first, by=copy)
    assert is_found(copy, by=first)


WEATHER = (
    "Tomorrow brings {0} degrees to the coast and {1} degrees to the hills, with light wind from the west and a chance "
    "of showers towards the evening. The sun rises at {2} past seven and sets before six. Sailors should mind the tide "
    "tables, which the harbour office prints at the gate, and walkers in the hills should carry a coat and a lamp."
)
LOTTERY = (
    "The numbers drawn on Saturday night were {0}, {1}, {2}, {3} and {4}. Tickets that bear all five share the first "
    "prize, which is paid at the office behind the town hall on any working day between 9 and 17 hours. Winners are "
    "asked to bring the ticket and a document; claims end after 90 days, and what is left goes to the lifeboats."
)
MATCH = (
    "{0} won {1}-{2} at home in front of {3} people on Sunday. The first half had few chances and the second had more. "
    "After the match the coach said that his players had kept their shape and had taken what was offered, and that "
    "nobody in the dressing room was looking further than next week. The league goes on next Saturday."
)
LOTERIA = (
    "El sorteo del domingo dejó los números {0}, {1}, {2} y {3}, según la lotería de la ciudad. Los billetes con las "
    "cuatro cifras se reparten el primer premio, que se paga en la oficina de la plaza mayor en cualquier día hábil. "
    "Quien gane debe traer el billete y un documento, y lo que nadie reclama se entrega a los bomberos voluntarios."
)
PRICE = (
    "A litre of diesel costs {0} at the pumps of the coast today. The price is set each morning by the association of "
    "carriers from what the refineries asked the day before, and holds until midnight on all roads but the toll road. "
    "Drivers who pay by card may be asked for a fee, and those who fill cans need a permit from the harbour office."
)


@pytest.mark.parametrize(
    ("template", "one", "other"),
    [
        (WEATHER, "14 9 22", "17 11 24"),
        (WEATHER, "14 9 22", "14 9 24"),
        (LOTTERY, "3 14 15 33 40", "7 14 21 28 40"),
        (MATCH, "Rovers 3 1 8,200", "Albion 2 0 6,150"),
        (LOTERIA, "4 17 26 38", "9 11 26 30"),
        (PRICE, "1.43", "1.41"),
    ],
)
def test_the_same_words_with_other_numbers_are_another_article(template: str, one: str, other: str) -> None:
    today, tomorrow = (story("From our desk", template.format(*values.split())) for values in (one, other))

    assert not is_same_story(today, tomorrow)
    assert not is_same_story(tomorrow, today)


def test_what_all_pages_of_a_newsroom_carry_makes_no_copies() -> None:
    choir = "A choir of bakers from nine villages sang in the cathedral on Sunday and will sing again at Easter."
    mayor = "The mayor of the lower town resigned last night after a quarrel over the price of the new bell."

    assert not is_same_story(story("Bakers sing", choir, FOOTER), story("Mayor resigns", mayor, FOOTER))
    assert not is_same_story(story("Bakers sing", FOOTER), story("Mayor resigns", FOOTER))


def test_a_brief_is_no_copy_of_the_long_article_that_holds_it() -> None:
    long = " ".join(" ".join((*REST, ADDED)).replace("the", f"the{letter}") for letter in "bcde")
    brief = story(TITLE, LEAD, REST[0])

    assert not is_same_story(brief, story(TITLE, LEAD, REST[0], long))


def test_two_articles_on_one_subject_are_two() -> None:
    other = (
        (
            "Ferries to the islands may stop for the winter, the shipping office warned, now that the old timber quay "
            "is closed and the coal pier lies open to the wind."
        ),
        (
            "Islanders asked the board on Wednesday for a bus to the southern harbour, where boats can land in any "
            "sea, and for a date by which the oak piles will be replaced."
        ),
    )

    assert not is_same_story(story(TITLE, LEAD, *REST), story("Islanders fear a winter without boats", *other))


def test_a_text_without_spaces_between_words_is_compared_by_its_characters() -> None:
    text = (
        "港湾局は火曜日、古い木造の岸壁を冬の前に閉鎖すると決めた。"
        "潜水士が北側の杭の腐食を確認したためで、島へのフェリーは石炭埠頭から出る。"
    )

    assert is_same_story(
        story("木造岸壁を閉鎖", text), story("岸壁、冬前に閉鎖へ", text.replace("。", "．") + "本紙が報じた。")
    )


def test_a_short_text_is_found_only_by_the_whole_of_it() -> None:
    words = " ".join(re.findall(r"\w+", " ".join(REST))[: SHORTEST_TEXT - 1])

    assert len(sketch(story(TITLE, words)).kept) == 1
    assert not is_same_story(story(TITLE, words), story("Another", words))
    assert is_same_story(story(TITLE, words), story(TITLE, words))


def test_bits_rule_out_nothing_that_the_whole_texts_do_not() -> None:
    """Without bits, all that two texts can share is taken for shared until their runs of words are counted."""
    lines = [line for number in range(100) for line in told(number)[1:]]
    texts: list[Sequence[str]] = [
        (LEAD, *REST),
        (LEAD, *REST[:2]),
        (ADDED, *REST),
        (FOOTER,),
        *((line, LEAD) for line in lines[:5]),
    ]
    texts += [lines[:kept] for kept in (4, 6, 9, 12, 30, 120, 250, 320, 400)]
    prints = [fingerprint(story(TITLE, *text)) for text in texts]
    validations = [
        (are_near_duplicates(*pair), are_near_duplicates(*_without_bits(*pair))) for pair in combinations(prints, 2)
    ]

    assert [by_bits for by_bits, _ in validations] == [by_runs for _, by_runs in validations]
    assert {by_runs for _, by_runs in validations} == {True, False}
    assert len(prints[-1].shingles) > BITS


@pytest.mark.integration
def test_a_sketch_is_the_same_in_every_process() -> None:
    """Python's own hash is not: it is salted for each process."""
    here = sketch(story(TITLE, LEAD, *REST))
    program = f"from {__name__} import *; print(sketch(story(TITLE, LEAD, *REST)).kept)"
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert there.stdout.strip() == str(here.kept)


def is_found(first: ArticleText, *, by: ArticleText) -> bool:
    return not sketch(by).sought.isdisjoint(sketch(first).kept)


def _without_bits(*prints: Fingerprint) -> list[Fingerprint]:
    return [replace(one, bits=0) for one in prints]


def story(title: str, *paragraphs: str) -> ArticleText:
    return ArticleText(
        article_id=title,
        title=title,
        body="\n\n".join(paragraphs),
        content_hash=content_hash(title, paragraphs),
        first_seen_at=NOON,
    )
