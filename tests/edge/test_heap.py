"""Memory that was freed serves other threads, and goes back to the machine."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.edge.heap import ARENAS

# Eight threads hold memory of their own at once; then glibc is asked how many arenas it has made for them.
ALLOCATE = """
import ctypes, sys, threading
from ingest.edge.heap import keep_heap_together
if sys.argv[2] == "together":
    keep_heap_together()
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

# Many entries come in; later something else is written. How much memory the process had before, at most and in the
# end is printed.
COME_IN = """
import re, sys, time
from pathlib import Path
from ingest.edge.warehouse import GIVE_BACK_SECONDS, Warehouse
def told(what):
    return re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
entry = {"source_id": "gazette", "title": "Flood", "summary": "word " * 200, "authors": [], "tags": [],
    "found_at": "2026-03-01", "last_listed_at": "2026-03-01", "listing_hash": "", "state": "found", "attempts": 0}
warehouse = Warehouse(Path(sys.argv[1]))
before = told("VmRSS")
with warehouse.write() as transaction:
    transaction.insert("raw.entries", ({**entry, "entry_id": str(number)} for number in range(20_000)))
time.sleep(GIVE_BACK_SECONDS)
with warehouse.write() as transaction:
    transaction.insert("raw.entries", [{**entry, "entry_id": "one more"}])
print(before, told("VmHWM"), told("VmRSS"))
"""


def arenas(folder: Path, how: str) -> int:
    told = folder / how
    subprocess.run([sys.executable, "-c", ALLOCATE, str(told), how], check=True)
    return len(re.findall(r"<heap nr=", told.read_text()))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries keep no arenas")
def test_threads_share_what_memory_there_is(tmp_path: Path) -> None:
    assert arenas(tmp_path, "together") <= ARENAS
    assert arenas(tmp_path, "apart") > ARENAS  # else the first line would say nothing


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere DuckDB leaves memory to the system's own library")
def test_what_a_write_has_taken_goes_back_to_the_machine(tmp_path: Path) -> None:
    told = subprocess.run([sys.executable, "-c", COME_IN, str(tmp_path)], check=True, capture_output=True, text=True)

    before, most, in_the_end = map(int, told.stdout.split())
    assert in_the_end - before < (most - before) / 2
