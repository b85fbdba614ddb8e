"""Imports point inward: core, then parse and decide, then what is kept, then steps; wiring joins them with edges."""

import ast
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "ingest"
CORE = {"errors", "events", "keys", "likeness", "lines", "messages", "model", "partitions", "ports", "spans"}
CORE |= {"credentials", "pushes", "removals", "retention", "stories", "verified", "visiting"}
STEPS = {"steps", "auditing", "polling", "telling", "rereading", "proposing", "finding", "backfilling", "fetching"}
STEPS |= {"exporting", "listening", "overseeing", "pruning", "pushing", "removing", "reporting", "ringing"}
STEPS |= {"summary", "verification", "rejected", "sections", "feed_visits", "checking", "reconciling", "subscribing"}
MODULES = {
    path.relative_to(ROOT).as_posix(): path for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "flows").glob("*.py")])
}

# Who alone may import a foreign package.
OWNERS = {
    "prefect": ["flows/"],
    "duckdb": ["src/ingest/edge/warehouse.py", "src/ingest/edge/reading.py", "src/ingest/edge/faults.py"],
    "great_expectations": ["src/ingest/edge/quality.py", "src/ingest/edge/gx_"],
    "sqlalchemy": ["src/ingest/edge/quality.py", "src/ingest/edge/gx_"],
    "duckdb_engine": ["src/ingest/edge/gx_"],
    "httpx": ["src/ingest/edge/", "flows/"],  # what Prefect's client raises when its API is away
    "httpcore": ["src/ingest/edge/"],
    "sqlite3": ["src/ingest/state/sqlite.py", "src/ingest/state/old_files.py"],
    "psycopg": ["src/ingest/state/postgres.py"],
    "starlette": ["src/ingest/edge/"],
    "uvicorn": ["src/ingest/edge/"],
    "warcio": ["src/ingest/edge/"],
    "distributed": ["src/ingest/edge/dask_executor.py"],
    "apprise": ["src/ingest/edge/"],
    "jinja2": ["src/ingest/edge/"],
    "markupsafe": ["src/ingest/edge/"],
    "protego": ["src/ingest/edge/"],
    "opentelemetry": ["src/ingest/edge/telemetry.py"],
    "prometheus_client": ["src/ingest/edge/metrics.py"],
    "pydantic": ["src/ingest/settings.py", "flows/pipeline.py", "flows/woken.py"],  # in a flow: of its form
    "pydantic_settings": ["src/ingest/settings.py"],
    "typer": ["src/ingest/cli/"],
    "rich": ["src/ingest/cli/"],
    "bs4": ["src/ingest/parse/"],
    "lxml": ["src/ingest/parse/"],
    "feedparser": ["src/ingest/parse/"],
}

# What each ring of our own may know of the others.
MAY_KNOW = {
    "core": {"core"},
    "parse": {"core", "parse"},
    "decide": {"core", "decide"},
    "steps": {"core", "parse", "decide", "state", "store", "steps"},
    "state": {"core", "state"},
    # What steps read and keep in state and warehouse; there is one of each, so that nothing stands between.
    "store": {"core", "state", "store", "edge"},
    "edge": {"core", "state", "store", "edge", "assets"},
    "assets": set(),
    "settings": {"core"},
    "demo": {"core", "demo"},
    "wiring": {"core", "parse", "decide", "state", "store", "edge", "assets", "settings", "steps", "wiring"},
    "monitoring": {"core", "state", "store", "edge", "settings"},
    "cli": {"core", "monitoring", "parse", "state", "store", "edge", "assets", "settings", "wiring", "steps", "demo"}
    | {"cli", "flows"},
    "flows": {"core", "decide", "monitoring", "store", "steps", "wiring", "flows"},
    "package": set(),
}


def test_imports_point_inward() -> None:
    strangers = {
        f"{here} ({ring}) imports {name} ({target})"
        for here, path in MODULES.items()
        for ring in [ring_of(path)]
        for name in imported(here)
        if (target := ring_named(name)) and target not in MAY_KNOW[ring] and target != "package"
    }

    assert strangers == set()


def test_a_library_is_known_in_one_place() -> None:
    strangers = {
        f"{here} imports {name}"
        for here in MODULES
        for name in imported(here)
        for owners in [OWNERS.get(name.partition(".")[0])]
        if owners is not None and not any(here.startswith(owner) for owner in owners)
    }

    assert strangers == set()


def test_nobody_but_the_outermost_reads_the_clock_or_the_environment() -> None:
    read = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "os.environ", "os.getenv"}
    readers = {
        f"{here} reads {name}"
        for here, path in MODULES.items()
        if path.name not in {"settings.py", "wiring.py"}
        for node in nodes(here)
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in read
    }

    assert readers == set()


def test_no_process_is_forked_that_may_have_the_state_open() -> None:
    """A file that SQLite has open must not be used in a child that was forked (sqlite.org/howtocorrupt.html, 2.6)."""
    names = {"os.fork", "os.forkpty", "pty.fork", "ProcessPoolExecutor", "get_context", "Process", "Pool"}
    begun = {
        (here, ast.unparse(node))
        for here in MODULES
        for node in nodes(here)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in names
    }

    assert {(here, call) for here, call in begun if "spawn" not in call and "forkserver" not in call} == set()


def test_a_module_fits_on_a_few_screens() -> None:
    lines = {here: path.read_text(encoding="utf-8").count("\n") for here, path in MODULES.items()}

    assert {here: count for here, count in lines.items() if count > 330} == {}


@cache
def nodes(here: str) -> Sequence[ast.AST]:
    return list(ast.walk(ast.parse(MODULES[here].read_text(encoding="utf-8"))))


@cache
def imported(here: str) -> Collection[str]:
    """Return all modules that a file imports, relative ones made absolute."""
    path = MODULES[here]
    in_package = path.relative_to(ROOT if path.is_relative_to(ROOT / "flows") else PACKAGE)
    package = ["ingest", *in_package.parts[:-1]]
    found: set[str] = set()
    for node in nodes(here):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {stem, *(f"{stem}.{alias.name}" for alias in node.names)}
    return found


def ring_named(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] != "ingest":
        return None
    if len(parts) == 1 or parts[1].startswith("__"):
        return "package"
    return _ring(parts[1:])


def ring_of(path: Path) -> str:
    if path.is_relative_to(ROOT / "flows"):
        return "flows"
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "package" if parts[0] == "__init__" else _ring(parts)


def _ring(parts: Sequence[str]) -> str:
    name = parts[0]
    if name == "edge" and parts[1:2] and parts[1] in {"store", "warehouse"}:
        return "store"
    if name in CORE:
        return "core"
    if name in {"asking", "listed", "opening"}:
        return "wiring"
    return "steps" if name in STEPS else name
