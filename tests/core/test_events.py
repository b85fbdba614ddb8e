"""Every event has a complete payload of the right types, because an automation fails over anything else unseen."""

from typing import Any

import pytest

from ingest.core.events import PAYLOAD_KEYS, PAYLOAD_TYPES, event
from tests.makers import NOON


def a_payload(name: str) -> dict[str, Any]:
    return {key: 3 if PAYLOAD_TYPES[key] == (int,) else "x" for key in PAYLOAD_KEYS[name]}


def test_every_key_has_a_type_and_none_is_left_over() -> None:
    assert set(PAYLOAD_TYPES) == {key for keys in PAYLOAD_KEYS.values() for key in keys}


@pytest.mark.parametrize("name", PAYLOAD_KEYS)
def test_an_event_is_made_of_a_complete_payload_alone(name: str) -> None:
    payload = a_payload(name)
    made = event(name, NOON, payload)

    assert (made.payload, made.source_id) == (payload, "x")
    for key in payload:
        with pytest.raises(ValueError, match="takes"):
            event(name, NOON, {other: value for other, value in payload.items() if other != key})


@pytest.mark.parametrize("name", PAYLOAD_KEYS)
def test_a_value_of_another_type_is_refused(name: str) -> None:
    for key, types in PAYLOAD_TYPES.items():
        wrong: Any = "3" if types == (int,) else 3
        if key in PAYLOAD_KEYS[name]:
            with pytest.raises(ValueError, match=key):
                event(name, NOON, a_payload(name) | {key: wrong})
