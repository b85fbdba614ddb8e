"""JSON as sites write it: raw tabs and line ends stand in its words, and its numbers have no end."""

import json

LONGEST_NUMBER = 1_000  # digits; Python reads no more than 4,300, and nothing that is counted has as many


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


DECODER = json.JSONDecoder(strict=False, parse_int=_whole_number)
