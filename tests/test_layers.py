"""Rooms are subjects, imports between them go one way, and each library is known in one place."""

import ast
from collections.abc import Collection, Sequence
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "ingest"
MODULES = {
    path.relative_to(ROOT).as_posix(): path for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "flows").glob("*.py")])
}

# The rooms of `src/ingest/` from the bottom up: each may import those before it. What a room is, its docstring says.
ROOMS = (
    "core", "scheduling", "state", "archive", "http", "warehouse", "text", "figures", "articles", "feeds", "websub",
    "quality", "alerts", "report", "observability", "pipeline", "demo", "flows", "cli",
)  # fmt: skip

# Who alone may import a foreign package.
OWNERS = {
    "prefect": ["flows/"],
    "duckdb": ["src/ingest/warehouse/"],
    "great_expectations": ["src/ingest/quality/"],
    "sqlalchemy": ["src/ingest/quality/"],
    "duckdb_engine": ["src/ingest/quality/"],
    "httpx": ["src/ingest/http/", "flows/"],  # what Prefect's client raises when its API is away
    "httpcore": ["src/ingest/http/"],
    "sqlite3": ["src/ingest/state/"],
    "psycopg": ["src/ingest/state/"],
    "starlette": ["src/ingest/websub/"],
    "uvicorn": ["src/ingest/websub/", "flows/prefect_server.py"],
    "warcio": ["src/ingest/archive/"],
    "distributed": ["src/ingest/articles/dask_executor.py"],
    "apprise": ["src/ingest/alerts/"],
    "jinja2": ["src/ingest/report/"],
    "markupsafe": ["src/ingest/report/"],
    "protego": ["src/ingest/http/"],
    "opentelemetry": ["src/ingest/observability/"],
    "prometheus_client": ["src/ingest/observability/"],
    "pydantic": ["src/ingest/core/settings.py", "flows/pipeline.py", "flows/triggered.py"],  # in a flow: of its form
    "pydantic_settings": ["src/ingest/core/settings.py"],
    "typer": ["src/ingest/cli/"],
    "rich": ["src/ingest/cli/"],
    "bs4": ["src/ingest/articles/", "src/ingest/text/"],
    "lxml": ["src/ingest/articles/", "src/ingest/text/", "src/ingest/feeds/"],
    "feedparser": ["src/ingest/feeds/"],
}


def test_every_folder_is_a_room_with_a_place_and_a_line_about_it() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    lines = {room: ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))) for room in ROOMS}

    assert folders == set(ROOMS)
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py"}
    assert [room for room, line in lines.items() if not line] == []


def test_imports_between_rooms_go_one_way() -> None:
    upward = {
        f"{here} imports {name}"
        for here, path in MODULES.items()
        for name in imported(here)
        if (room := room_of(path)) and (other := room_named(name)) and ROOMS.index(other) > ROOMS.index(room)
    }

    assert upward == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {module_named(path): here for here, path in MODULES.items()}
    needed = {here: {names[name] for name in imported(here) if name in names} - {here} for here in MODULES}

    TopologicalSorter(needed).prepare()  # raises CycleError, which lists the circle


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
            for alias in node.names:
                name = f"{stem}.{alias.name}"
                found.add(name if name in NAMED else stem)
    return found


def module_named(path: Path) -> str:
    """Return the name by which a file of ours is imported: `ingest.http.robots`, `ingest.flows.serve`."""
    top = ROOT if path.is_relative_to(ROOT / "flows") else PACKAGE
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(["ingest", *(part for part in parts if part != "__init__")])


NAMED = {module_named(path) for path in MODULES.values()}


def room_named(module: str) -> str | None:
    """Return the room that a module of ours is in; None for what is not of any."""
    package, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    return room if package == "ingest" and room in ROOMS else None


def room_of(path: Path) -> str | None:
    if path.is_relative_to(ROOT / "flows"):
        return "flows"
    room = path.relative_to(PACKAGE).parts[0]
    return room if room in ROOMS else None
