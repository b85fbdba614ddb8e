"""Makes the pictures of README and docs from the real program, run on the bundled newsrooms: `make pictures`."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich import _export_format
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
INGEST = Path(sys.executable).with_name("ingest")
COLUMNS = 118
WIDTH = 840  # a little more than the report takes for a narrow screen
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

THEME = TerminalTheme(
    (26, 30, 36), (231, 233, 236), [(26, 30, 36), (238, 124, 75), (77, 179, 155), (217, 163, 69), (134, 197, 240),
    (201, 131, 187), (134, 197, 240), (231, 233, 236)],
)  # fmt: skip
# Rich's own frame, without the fonts that it would fetch from the web.
FRAME = re.sub(r"@font-face \{\{.*?\}\}\n", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace"
)


def main() -> None:
    """Run the demonstration, and take its pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("make pictures: no chromium on this machine; on Debian, apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        demonstrated = run(place, "demo")
        first_pass = demonstrated.partition("\nThe harbor-ledger corrects")[0].splitlines()
        draw("demo.svg", "make demo", first_pass)
        picked = "select figure_id from figures where text = '$109 million'"
        own = ("--warehouse", "warehouse/demo")
        (figure,) = json.loads(run(place, "sql", picked, "--json", *own))
        told = run(place, "explain", figure["figure_id"], *own).splitlines()
        draw("explain.svg", f"ingest explain {figure['figure_id'][:12]}", told)
        run(place, "report", *own)
        look_at(chromium, place / "warehouse" / "demo" / "report.html")


def run(place: Path, *arguments: str) -> str:
    """Run the program and give what it says to whoever asked."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("INGEST_")}
    bare["INGEST_PROGRESS_SECONDS"] = "0"  # a terminal shows no stages either, when all is done
    done = subprocess.run([INGEST, *arguments], cwd=place, env=bare, capture_output=True, text=True, check=True)
    return done.stdout


def draw(name: str, command: str, lines: list[str]) -> None:
    """Draw what a terminal shows, in colours that are its own."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text(f"$ {command}", "bold"))
        for line in lines:
            console.print(coloured(line))
        console.print()
        svg = console.export_svg(title="", theme=THEME, code_format=FRAME, unique_id=name.partition(".")[0])
    (HERE / name).write_text(svg, encoding="utf-8")


def coloured(line: str) -> Text:
    """Let the eye find what was published, stopped and held back."""
    text = Text(line)
    text.highlight_regex(r"^source_id .*", "bold")
    text.highlight_regex(r"^stopped", "red")
    text.highlight_regex(r"^quarantined", "yellow")
    text.highlight_regex(r"\[\[.*?\]\]", "bold yellow")
    text.highlight_regex(r"\d+ published \(\w+\)", "green")
    return text


def look_at(chromium: str, page_file: Path) -> None:
    """Take pictures of the report: its beginning by day and by night, its figures, and on a phone."""
    shots = (
        ("report-light.png", "light", WIDTH, "header", "#passage figure"),
        ("report-dark.png", "dark", WIDTH, "header", "#passage figure"),
        ("report-figures.png", "light", 1000, "#figures", "#listed tbody tr:nth-child(3)"),
        ("report-phone.png", "light", 360, "#passage", "#passage figure"),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for name, scheme, width, first, last in shots:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto(page_file.as_uri())
            top = page.locator(first).bounding_box()
            end = page.locator(last).bounding_box()
            clip = {"x": 0, "y": top["y"], "width": width, "height": end["y"] + end["height"] + 12 - top["y"]}
            page.screenshot(path=str(HERE / name), full_page=True, clip=clip)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
