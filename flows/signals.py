"""A run that is told to stop (SIGTERM, or SIGINT as by Ctrl-C) ends at its next safe point; told again, at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType

GRACE_SECONDS = 60.0  # that a run has to reach a safe point; cut off after that, it loses no more than a killed one
SIGNALS = (signal.SIGTERM, signal.SIGINT)
SAID = "ingest: {name}: ending after what is under way, {seconds:g} s at most; the next run carries on\n"

_told: signal.Signals | None = None  # the process is told, so all runs in it


def told_to_stop() -> signal.Signals | None:
    """Return the signal that told this process to stop, while a run of it can be told."""
    return _told


def is_stopping() -> bool:
    """Return whether nothing more is to be begun."""
    return _told is not None


def exit_code(number: int) -> int:
    """Return what a shell makes of a process that ended by a signal: 143 for SIGTERM, 130 for SIGINT."""
    return 128 + number


@contextmanager
def stopped_by_signals(grace_seconds: float = GRACE_SECONDS) -> Iterator[None]:
    """Have a run in the block end when the process is told to stop.

    A signal that this process was begun to ignore stays ignored. Elsewhere than in the main thread no
    signal can be heard: there nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: SimpleQueue[int | None] = SimpleQueue()  # its put is safe in a signal handler: it may interrupt another

    def hear(number: int, _: FrameType | None) -> None:
        global _told  # noqa: PLW0603
        if _told is not None:
            _end_now(number)
        _told = signal.Signals(number)
        heard.put(number)
        os.write(2, SAID.format(name=_told.name, seconds=grace_seconds).encode())

    watcher = threading.Thread(target=_end_in_time, args=(heard, grace_seconds), daemon=True)
    watcher.start()
    before = {
        number: signal.signal(number, hear) for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN
    }
    mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
        heard.put(None)
        watcher.join()
        _forget()


def _forget() -> None:
    global _told  # noqa: PLW0603
    _told = None


def _end_in_time(heard: "SimpleQueue[int | None]", grace_seconds: float) -> None:
    """End the process some seconds after a signal, unless the run has ended by then."""
    number = heard.get()
    if number is None:
        return
    try:
        heard.get(timeout=grace_seconds)
    except Empty:
        _end_now(number)


def _end_now(number: int) -> None:
    """End the process; a Prefect server that was begun for it ends with its standard input."""
    os._exit(exit_code(number))
