"""Memory that was freed serves other threads, and goes back to the machine."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.core.memory import ARENAS

pytestmark = pytest.mark.integration

# Eight threads hold memory of their own at once; then glibc is asked how many arenas it has made for them.
ALLOCATE = """
import ctypes, sys, threading
from ingest.core.memory import share_one_heap
if sys.argv[2] == "together":
    share_one_heap()
all_hold = threading.Barrier(8)
def hold():
    held = [bytes(1000) for _ in range(1000)]
    all_hold.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""

# A block of 20 MB comes and goes; then glibc is asked whether one of 1 MB lies apart, and gives its pages back alone.
COME_AND_GO = """
import ctypes, sys
from ingest.core.memory import share_one_heap
if sys.argv[1] == "together":
    share_one_heap()
class Told(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]
libc = ctypes.CDLL(None)
libc.malloc.argtypes, libc.malloc.restype, libc.free.argtypes = [ctypes.c_size_t], ctypes.c_void_p, [ctypes.c_void_p]
libc.mallinfo2.restype = Told
libc.free(libc.malloc(20_000_000))
before = libc.mallinfo2().hblks
block = libc.malloc(1_000_000)
print(libc.mallinfo2().hblks - before)
"""

# Many events are copied; then others get their turn to write, until memory was given back or a minute has gone by. They
# write nothing, as a checkpoint may free memory, too. How much the process had before, at most and in the end is
# printed.
COME_IN = """
import re, sys, time
from pathlib import Path
from ingest.warehouse.warehouse import Warehouse
def told(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
event = {"name": "entries.found", "occurred_at": "2026-03-01", "payload": {"about": "word " * 200}}
warehouse = Warehouse(Path(sys.argv[1]))
before = told("VmRSS")
with warehouse.write() as transaction:
    transaction.insert("ops.events", ({**event, "event_id": str(number)} for number in range(20_000)))
most, until = told("VmHWM"), time.monotonic() + 60
while told("VmRSS") - before >= (most - before) / 2 and time.monotonic() < until:
    time.sleep(0.05)
    with warehouse.alone():
        pass
print(before, most, told("VmRSS"))
"""


def arenas(folder: Path, how: str) -> int:
    told = folder / how
    subprocess.run([sys.executable, "-c", ALLOCATE, str(told), how], check=True)
    return len(re.findall(r"<heap nr=", told.read_text()))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries keep no arenas")
def test_threads_share_what_memory_there_is(tmp_path: Path) -> None:
    assert arenas(tmp_path, "together") <= ARENAS
    assert arenas(tmp_path, "apart") > ARENAS  # else the first line would say nothing


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries see to it otherwise")
def test_a_large_block_lies_apart_whatever_was_freed_before() -> None:
    told = [
        subprocess.run([sys.executable, "-c", COME_AND_GO, how], check=True, capture_output=True, text=True).stdout
        for how in ("together", "apart")
    ]

    assert told == ["1\n", "0\n"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere DuckDB leaves memory to the system's own library")
def test_what_a_write_has_taken_goes_back_to_the_machine(tmp_path: Path) -> None:
    told = subprocess.run([sys.executable, "-c", COME_IN, str(tmp_path)], check=True, capture_output=True, text=True)

    before, most, in_the_end = map(int, told.stdout.split())
    assert in_the_end - before < (most - before) / 2
