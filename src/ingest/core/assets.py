"""Where the files that are not Python lie: inside an installed package, or at the top of a checkout."""

from importlib.resources import files
from pathlib import Path


def asset(name: str) -> Path:
    """Find a file or folder that ships with the project, such as "expectations" or "warehouse/migrations"."""
    package = Path(str(files("ingest")))
    installed = package / name
    return installed if installed.exists() else package.parent.parent / name
