"""Dockerfile and compose.yaml: checked by a linter, and their very steps taken in an empty root, since no test builds.

The root is a folder entered by chroot(8) in namespaces of its own. It holds what the steps make; the system and Python
are lent by bind mounts in place of the base image, the locked packages as tests/borrowed.py has it.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # Prefect brings it

from tests.borrowed import lend_modules, locked, make_wheels
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parent.parent
TOOLS = ("unshare", "nsenter", "chroot", "setpriv", "ip", "mount")
LENT = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/dev", "/proc", sys.base_prefix, sysconfig.get_path("purelib")]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
USER = 10001
LOOK_SECONDS = 3.0  # each look starts a Python
# What the base image has set, and where pip is to look instead of a registry.
BASE = {"PATH": "/image/bin:/usr/bin:/bin:/usr/sbin", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/image/wheels"}


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


@dataclass
class Stage:
    """A stage of the Dockerfile: its root, and what holds for the steps after it."""

    root: Path
    variables: dict[str, str]
    folder: str = "/"
    user: str = "0"
    said: dict[str, str] = field(default_factory=dict)  # what is not done but said: CMD and others

    def __post_init__(self) -> None:
        for name in ("etc", "image/bin", "tmp"):
            (self.root / name).mkdir(parents=True)
        (self.root / "tmp").chmod(0o1777)
        (self.root / "image" / "bin" / "python").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        for name, line in (
            ("passwd", "root:x:0:0:root:/root:/bin/sh"),
            ("group", "root:x:0:"),
            ("hosts", "127.0.0.1 server"),
        ):
            (self.root / "etc" / name).write_text(f"{line}\n")

    def inside(self, command: list[str]) -> list[str]:
        """Return the command that takes this one in the root, without a network but for the loopback."""
        lend = "; ".join(f'mkdir -p "{self.root}{one}"; mount --rbind {one} "{self.root}{one}"' for one in LENT)
        variables = [f"{name}={value}" for name, value in self.variables.items()]
        user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        there = ["sh", "-ec", f'cd {self.folder}; exec "$@"', "-", *user, "env", "-i", *variables, *command]
        script = f'ip link set lo up; {lend}; exec chroot "{self.root}" "$@"'
        return ["unshare", "--mount", "--net", "sh", "-ec", script, "-", *there]

    def run(self, step: str) -> None:
        done = subprocess.run(self.inside(["sh", "-ec", step]), capture_output=True, text=True)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def modules(stage: Stage) -> Path:
    (site,) = stage.root.glob("opt/ingest/lib/python3*/site-packages")
    return site


def copy_readable(site: Path) -> None:
    """Copy what is lent by links, since nobody but its owner may read it: the tests' environment was made so."""
    links = site.rename(site.with_name("links"))
    subprocess.run(["cp", "--recursive", "--dereference", "--no-preserve=mode", links, site], check=True)
    shutil.rmtree(links)


def build_context(folder: Path, wheels: Path) -> None:
    """Fill a folder with what .dockerignore includes, and the lock with the hashes of the wheels that are lent.

    Only its owner may read it, as in a checkout made with umask 077: COPY keeps the modes.
    """
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line.startswith("!"):
            copy(ROOT / line[1:], folder / line[1:])
    lines = []
    for wheel in wheels.iterdir():
        name, version, *_ = wheel.name.split("-")
        lines.append(f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    (folder / "requirements.lock").write_text("".join(lines))
    subprocess.run(["chmod", "--recursive", "go=", folder], check=True)


def take(stage: Stage, name: str, rest: str, origins: Mapping[str, Path]) -> None:
    """Take one step of the Dockerfile."""
    if name in {"ARG", "ENV"}:
        stage.variables |= dict(one.replace("$PATH", stage.variables["PATH"]).split("=", 1) for one in rest.split())
    elif name == "COPY":
        words = rest.split()
        options = dict(word.removeprefix("--").split("=") for word in words if word.startswith("--"))
        *sources, target = [word for word in words if not word.startswith("--")]
        for source in sources:
            into = stage.root / Path(stage.folder, target).relative_to("/")
            into = into / source if target.endswith("/") else into
            copy(origins[options.get("from", ".")] / source.lstrip("/"), into)
            if "chmod" in options:
                into.chmod(int(options["chmod"], base=8))
    elif name == "WORKDIR":
        stage.folder = rest
        (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif name == "USER":
        stage.user = rest
    elif name == "RUN":
        stage.run(rest)
        if "-r " in rest:
            lend_modules(locked(ROOT / "requirements.lock"), modules(stage))
    else:
        stage.said[name] = rest


@pytest.fixture
def umask_of_a_build() -> Iterator[None]:
    """Make files as a build of an image does, whatever the umask of whoever runs the tests."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def image(tmp_path: Path, umask_of_a_build: None) -> Stage:
    """Take the steps of the Dockerfile, and return its last stage."""
    if os.getuid() or not all(map(shutil.which, TOOLS)):
        pytest.skip(f"needs root and {', '.join(TOOLS)}")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    make_wheels(locked(ROOT / "requirements.lock"), wheels)
    build_context(tmp_path / "context", wheels)
    origins = {".": tmp_path / "context"}
    for name, rest in instructions():
        if name == "FROM":
            alias = rest.partition(" AS ")[2]
            origins[alias] = tmp_path / f"root-{alias}"
            stage = Stage(root=origins[alias], variables=dict(BASE))
            copy(wheels, stage.root / "image" / "wheels")
        else:
            take(stage, name, rest, origins)
    if not Path(sysconfig.get_path("purelib")).stat().st_mode & stat.S_IROTH:
        copy_readable(modules(stage))
    return stage


def unreadable(folder: Path) -> list[Path]:
    """Return what neither its owner 10001 nor others may read in a folder of an image."""
    found = [path for path in folder.rglob("*") if not path.is_symlink()]
    return [path for path in found if not (path.stat().st_mode & stat.S_IROTH or path.stat().st_uid == USER)]


def test_the_linter_has_nothing_to_say_of_the_dockerfile() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), ROOT / "Dockerfile"], capture_output=True, text=True
    )

    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.slow
def test_the_image_serves_healthily_without_being_root(image: Stage) -> None:
    (check,) = re.findall(r"CMD (\[.*\])", image.said["HEALTHCHECK"])
    process = subprocess.Popen(image.inside(json.loads(image.said["CMD"])), stdout=subprocess.PIPE, text=True)
    there = ["nsenter", f"--target={process.pid}", "--mount", "--net", "--root"]
    look = [*there, "env", "-i", f"PATH={image.variables['PATH']}", *json.loads(check)]
    try:
        wait_until(
            lambda: process.poll() is not None or subprocess.run(look, capture_output=True).returncode == 0,
            pause_seconds=LOOK_SECONDS,
        )
        assert process.poll() is None, "the container ended; what it printed stands above"
        page = subprocess.run([*look[:-1], "from urllib.request import urlopen; urlopen('http://127.0.0.1:4200/')"])
        user = Path(f"/proc/{process.pid}").stat().st_uid
    finally:
        process.terminate()
        said, _ = process.communicate()

    assert (process.returncode, page.returncode, user, image.user) == (0, 0, USER, str(USER))
    assert "starting a Prefect server on http://0.0.0.0:4200" in said
    assert (image.root / "srv" / "ingest" / "prefect" / "prefect.db").stat().st_uid == USER
    assert unreadable(image.root / "opt" / "ingest") == unreadable(image.root / "srv" / "ingest") == []


def test_compose_runs_what_the_guide_says() -> None:
    shell, options, steps = SERVICES["deploy"]["command"]
    run = [shlex.join(SERVICES["server"]["command"]), *steps.splitlines(), shlex.join(SERVICES["worker"]["command"])]
    for of_containers in (" --host 0.0.0.0", " --overwrite", " --with-healthcheck"):
        run = [line.replace(of_containers, "") for line in run]
    shown = (ROOT / "docs" / "install.md").read_text("utf-8").splitlines()

    assert (shell, options) == ("sh", "-ec")
    assert [line for line in shown if line in run] == run


def test_compose_waits_for_health_and_keeps_what_is_written_in_volumes() -> None:
    healthy, done = {"condition": "service_healthy"}, {"condition": "service_completed_successfully"}
    image = dict(instructions())

    assert SERVICES["deploy"]["depends_on"] == {"server": healthy}
    assert SERVICES["worker"]["depends_on"] == {"deploy": done}
    assert [*SERVICES["worker"]["volumes"], *SERVICES["server"]["volumes"]] == [
        f"{Path(folder).name}:{folder}" for folder in image["VOLUME"].split()
    ]
    assert all("healthcheck" in SERVICES[name] for name in ("worker", "deploy", "postgres"))
    assert SERVICES["postgres"]["profiles"] == ["lake"]
