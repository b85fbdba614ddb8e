"""What is installed here, for environments made without a registry: wheels without modules, and the modules."""

import re
import sysconfig
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PINNED = re.compile(r"^([a-z][a-z0-9._-]*)==", re.MULTILINE)
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def locked(lock: Path) -> list[Distribution]:
    """Return what a lock holds for this machine, as it is installed here; a package for other systems is left out."""
    found = []
    for name in dict.fromkeys(PINNED.findall(lock.read_text(encoding="utf-8"))):
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def make_wheels(packages: list[Distribution], folder: Path) -> None:
    """Write a wheel for each package: its name, version, requirements and commands as they are, and no module."""
    for package in packages:
        stem = f"{re.sub('[-_.]+', '_', package.name)}-{package.version}"
        files = {"METADATA": package.read_text("METADATA"), "entry_points.txt": package.read_text("entry_points.txt")}
        named = {f"{stem}.dist-info/{name}": text for name, text in {**files, "WHEEL": WHEEL}.items() if text}
        record = f"{stem}.dist-info/RECORD"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
            for name, text in named.items():
                archive.writestr(name, text)
            archive.writestr(record, "".join(f"{name},,\n" for name in (*named, record)))


def lend_modules(packages: list[Distribution], folder: Path) -> None:
    """Link each file of these packages into a folder, and no file of any other."""
    site = Path(sysconfig.get_path("purelib"))
    for package in packages:
        for file in package.files or ():
            if ".." in file.parts or file.suffix == ".pyc":
                continue
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).unlink(missing_ok=True)
            (folder / file).symlink_to(site / file)
