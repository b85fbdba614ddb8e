"""Memory that threads have freed serves other threads."""

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


def arenas(folder: Path, how: str) -> int:
    told = folder / how
    subprocess.run([sys.executable, "-c", ALLOCATE, str(told), how], check=True)
    return len(re.findall(r"<heap nr=", told.read_text()))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries keep no arenas")
def test_threads_share_what_memory_there_is(tmp_path: Path) -> None:
    assert arenas(tmp_path, "together") <= ARENAS
    assert arenas(tmp_path, "apart") > ARENAS  # else the first line would say nothing
