"""Why rules failed: what many of them say at once often has one root, which lies furthest up the path."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..core.model import ValidationResult

LEAST_REFUSED = 5  # rows that a rule must refuse before a person is told
TELLING_SHARE = 0.2  # and their share of the rows looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A root of failures: its name, words that finish "because …", and the rules that tell of it."""

    name: str
    words: str
    rules: tuple[str, ...]  # suite.rule, with * for anything


# In the order of the path: a page that is no article spoils its dates, its numbers and its people, too.
CAUSES = (
    Cause(name="shape", words="code and warehouse are of different versions", rules=("*.columns", "*.types")),
    Cause(
        name="wall",
        words="its pages hold a notice (login, cookies, robot check) or nothing in place of the story",
        rules=("articles.body_*",),
    ),
    Cause(name="text", words="its text is misread", rules=("articles.title_*", "articles.language_*", "paragraphs.*")),
    Cause(name="dates", words="its dates are misread", rules=("articles.*published*", "articles.dates_*")),
    Cause(name="numbers", words="its numbers are misread", rules=("figures.*",)),
    Cause(name="people", words="its bylines are misread", rules=("authors.*", "article_authors.*")),
    Cause(name="rows", words="its rows do not fit together", rules=("*",)),
)


def cause_of(validation: ValidationResult) -> Cause:
    """Return the cause a failed rule tells of."""
    name = f"{validation.suite}.{validation.rule}"
    return next(cause for cause in CAUSES if any(fnmatchcase(name, pattern) for pattern in cause.rules))


def tells(validation: ValidationResult) -> bool:
    """Return whether a result is worth a person's time: it stops its batch, or refuses much of it."""
    if validation.passed or validation.severity == "info":
        return False
    if validation.severity == "critical":
        return True
    return validation.unexpected >= LEAST_REFUSED and validation.unexpected > TELLING_SHARE * validation.checked


def causes_told(validations: Iterable[ValidationResult]) -> list[Cause]:
    """Return the causes of all that is worth telling; the first, which lies furthest up the path, is the root."""
    found = {cause_of(validation).name for validation in validations if tells(validation)}
    return [cause for cause in CAUSES if cause.name in found]
