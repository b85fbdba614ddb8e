"""Faults at the nth system call of a process that changes files: an error as of a bad disk, or its death.

The kernel notifies us of each of these calls and acts on our response: seccomp_unotify(2), which needs no rights. Linux
has it from 5.5 on; a container may forbid it.
"""

import ctypes
import fcntl
import os
import platform
import select
import signal
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# The numbers of the calls, by machine; arm64 has no `rename`.
NUMBERS = {
    "x86_64": {
        "write": 1, "pwrite64": 18, "fsync": 74, "fdatasync": 75, "rename": 82, "renameat": 264, "renameat2": 316,
    },
    "aarch64": {"write": 64, "pwrite64": 68, "fsync": 82, "fdatasync": 83, "renameat": 38, "renameat2": 276},
}  # fmt: skip
SECCOMP = {"x86_64": 317, "aarch64": 277}
WRITES = frozenset({"write", "pwrite64"})
SYNCS = frozenset({"fsync", "fdatasync"})
RENAMES = frozenset({"rename", "renameat", "renameat2"})

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _FLAG_NEW_LISTENER = 1, 8
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NOTIFY, _ALLOW = 0x7FC00000, 0x7FFF0000
_CONTINUE = 1
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_REQUEST = struct.Struct("QIIiIQ6Q")  # id, pid, flags; number, architecture, instruction, arguments
_RESPONSE = struct.Struct("QqiI")  # id, value, error, flags


class NotPossibleHere(Exception):
    """The kernel, or the container, does not allow calls to be supervised."""


@dataclass(kw_only=True)
class Fault:
    """What comes of the nth of some calls that change files below a folder; of all later ones, too, where it lasts."""

    calls: frozenset[str]
    at: int | None = None  # None: never, they are counted alone
    error: int | None = None  # None: the process is killed before the call
    lasts: bool = False
    seen: list[str] = field(default_factory=list)  # the calls and their files, in order

    @property
    def has_come(self) -> bool:
        return self.at is not None and len(self.seen) > self.at

    def meets(self, call: str, file: str) -> bool:
        """Count a call; whether the fault comes with it."""
        if call not in self.calls:
            return False
        self.seen.append(f"{call} {file}")
        return self.at is not None and (len(self.seen) - 1 == self.at or (self.lasts and self.has_come))


def notify_supervisor(supervisor: socket.socket) -> None:
    """Have the kernel notify whoever is behind this socket of each call of this process from now on."""
    libc = ctypes.CDLL(None, use_errno=True)
    machine = platform.machine()
    numbers = NUMBERS[machine].values()
    program = [(_LOAD, 0, 0, 0)]  # the number of the call
    program += [(_JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _NOTIFY)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in program))
    filters = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = libc.syscall(SECCOMP[machine], _SET_MODE_FILTER, _FLAG_NEW_LISTENER, ctypes.byref(filters))
    with supervisor:
        if listener < 0:
            supervisor.sendall(b"-")
            return
        socket.send_fds(supervisor, [b"+"], [listener])
    os.close(listener)


def supervise(process: socket.socket, fault: Fault, folder: Path) -> None:
    """Respond to all calls of a process that change files below a folder, until it has ended.

    Raises NotPossibleHere where that is not allowed; the process then goes on undisturbed.
    """
    with process:
        said, descriptors, _, _ = socket.recv_fds(process, 1, 1)
    if said != b"+":
        raise NotPossibleHere
    (listener,) = descriptors
    ready = select.poll()
    ready.register(listener, select.POLLIN)
    try:
        while not any(state & select.POLLHUP for _, state in ready.poll()):
            with suppress(FileNotFoundError, ProcessLookupError):  # the process is gone
                _respond(listener, fault, folder)
    finally:
        os.close(listener)


def _respond(listener: int, fault: Fault, folder: Path) -> None:
    request = bytearray(_REQUEST.size)
    fcntl.ioctl(listener, _RECEIVE, request)
    number, thread, _, call_number, _, _, *arguments = _REQUEST.unpack(request)
    call = next(name for name, each in NUMBERS[platform.machine()].items() if each == call_number)
    file = _file_of(call, thread, arguments)
    if not file.is_relative_to(folder) or not fault.meets(call, str(file.relative_to(folder))):
        fcntl.ioctl(listener, _SEND, _RESPONSE.pack(number, 0, 0, _CONTINUE))
    elif fault.error is None:
        os.kill(thread, signal.SIGKILL)
    else:
        fcntl.ioctl(listener, _SEND, _RESPONSE.pack(number, 0, -fault.error, 0))


def _file_of(call: str, thread: int, arguments: Sequence[int]) -> Path:
    """Find which file a call is about; of two names, the first."""
    of_process = Path(f"/proc/{thread}")
    if call not in RENAMES:
        return (of_process / "fd" / str(arguments[0])).readlink()
    with (of_process / "mem").open("rb", buffering=0) as memory:
        memory.seek(arguments[0] if call == "rename" else arguments[1])
        name = memory.read(4096).partition(b"\0")[0]
    return (of_process / "cwd").readlink() / os.fsdecode(name)
