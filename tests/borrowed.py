"""What is installed here, for environments made without a registry: wheels without modules, and the modules."""

import re
import shutil
import sysconfig
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
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
    """Link the files of these packages into a folder, and no file of any other that is installed here."""
    site, lent = Path(sysconfig.get_path("purelib")), {package.name for package in packages}
    not_lent = {file.parts[0] for other in distributions() if other.name not in lent for file in other.files or ()}
    for package in packages:
        for file in package.files or ():
            whole = Path(file.parts[0])  # a folder of one package is one link
            link = file if whole.name in not_lent else whole
            if ".." in file.parts or (folder / link).is_symlink():
                continue
            (folder / link).parent.mkdir(parents=True, exist_ok=True)
            if (folder / link).is_dir():
                shutil.rmtree(folder / link)
            (folder / link).unlink(missing_ok=True)
            (folder / link).symlink_to(site / link)
