"""A newsroom that leaves whoever asks for one page waiting, so that a test can do something meanwhile."""

import threading

from ingest.demo import Newsroom
from ingest.demo.server import Response
from tests.waiting import LONGEST_SECONDS


class Held(Newsroom):
    """A newsroom that holds the page at the path `held` back, until it `goes_on`."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ""
        self.is_asked, self.goes_on = threading.Event(), threading.Event()

    def answer(self, target: str) -> Response | None:
        if target == self.held:
            self.is_asked.set()
            assert self.goes_on.wait(LONGEST_SECONDS)
        return super().answer(target)
