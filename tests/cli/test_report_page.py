"""The report in a real browser: what strangers wrote stays words, and everyone can read it, on whatever they have."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.browser import chromium, needs_chromium
from tests.command import ingest
from tests.conftest import FirstPass

pytestmark = [needs_chromium, pytest.mark.integration]

PHONES, DESKS = (320, 390), (820, 1200)
HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    '"><svg onload=window.hacked=1>',
    "\u202eesrever \u2066left open",
    "{{ 7 * 7 }} & <b>bold</b>",
    "W" * 300,
)
OURS = "read otherwise by us"
ADDRESSES = ("javascript:window.hacked=1", "java\tscript:window.hacked=1", "data:text/html,<script>1</script>")
CONTRASTS = """
() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const words = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
    if (!words || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [ink, paper] = [light(parse(element.closest("svg") ? style.fill : style.color)), light(behind(element))];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5 && !element.disabled) poor.add(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
  }
  return [...poor];
}
"""


@pytest.fixture(scope="module")
def page_file(first_pass: FirstPass, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on newsrooms that mean harm."""
    copied = first_pass.copy_warehouse(tmp_path_factory.mktemp("hostile"))
    with duckdb.connect(str(copied / "news.duckdb")) as news:
        ids = [row[0] for row in news.execute("select article_id from articles order by 1").fetchall()]
        for place, article_id in enumerate(ids):
            words = HOSTILE[place % len(HOSTILE)]
            news.execute("update articles set title = ? where article_id = ?", [words, article_id])
            news.execute("update figures set attributed_to = ? where article_id = ?", [words, article_id])
            change = (article_id, 1, 2, 1, "changed", "money", "USD", words, words, 1, words, 2)
            insert = f"insert into figure_changes values ({', '.join('?' * 12)}, now(), ?)"
            news.execute(insert, (*change, None))
            news.execute(insert, (article_id, 2, 2, 2, "changed", "money", "USD", OURS, OURS, 1, OURS, 2, "reader"))
            if place < len(ADDRESSES):
                news.execute("update articles set url = ? where article_id = ?", [ADDRESSES[place], article_id])
    assert ingest("report", "--warehouse", copied, cwd=copied).code == 0
    return copied / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


class Visit:
    """A page someone looks at, with all that the browser asked for and complained of."""

    def __init__(self, browser: Any, path: Path, *, width: int = 1200, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def shown_rows(self) -> int:
        return int(self.page.locator("#listed tbody tr:visible").count())


@pytest.fixture
def visit(browser: Any, page_file: Path) -> Iterator[Any]:
    opened: list[Visit] = []

    def look(path: Path = page_file, **options: Any) -> Visit:
        opened.append(Visit(browser, path, **options))
        return opened[-1]

    yield look
    for one in opened:
        one.context.close()


def test_it_asks_nothing_of_the_web_and_the_browser_has_nothing_to_complain_of(visit: Any, page_file: Path) -> None:
    seen = visit()

    assert seen.asked == [page_file.as_uri()]
    assert seen.complaints == []


def test_what_strangers_wrote_is_shown_and_does_nothing(visit: Any) -> None:
    seen = visit()
    words = seen.page.locator("#corrections").inner_text()
    links = seen.page.eval_on_selector_all("main a", "links => links.map((link) => link.protocol)")

    assert seen.page.evaluate("window.hacked") is None
    assert all(one in words for one in HOSTILE if "\u202e" not in one)
    assert set(links) == {"file:", "http:"}
    assert seen.page.locator("#corrections :is(img, b, script)").count() == 0


def test_what_we_read_otherwise_is_no_correction(visit: Any, page_file: Path) -> None:
    page = visit().page
    with duckdb.connect(str(page_file.with_name("news.duckdb")), read_only=True) as news:
        counted = "select count(*) from figure_changes where before is distinct from ?"
        ((corrected,),) = news.execute(counted, [OURS]).fetchall()

    assert OURS not in page.locator("#corrections").inner_text()
    assert page.locator("dt:text-is('Corrected figures') + dd").inner_text() == str(corrected)


def test_what_turns_text_around_does_not_reach_beyond_its_own_words(visit: Any) -> None:
    cell = visit().page.locator("#corrections td", has_text="esrever").last
    title, source = cell.locator("> :nth-child(1)"), cell.locator("> :nth-child(2)")

    assert "\u202e" not in cell.inner_text()
    assert title.bounding_box()["x"] < source.bounding_box()["x"] + 1


def test_a_script_that_slipped_through_would_not_run(visit: Any, page_file: Path, tmp_path: Path) -> None:
    page = page_file.read_text(encoding="utf-8")
    (tmp_path / "spoiled.html").write_text(page.replace("</main>", "<script>window.hacked = 1</script></main>"))
    seen = visit(tmp_path / "spoiled.html")

    assert seen.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen_and_words_stand_out_from_their_background(visit: Any, scheme: str) -> None:
    page = visit(color_scheme=scheme).page
    page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
    widths, poor = {}, {}
    for width in (*PHONES, *DESKS):
        page.set_viewport_size({"width": width, "height": 900})
        widths[width] = page.evaluate("document.documentElement.scrollWidth")
        poor[width] = page.evaluate(CONTRASTS)

    assert widths == {width: width for width in widths}
    assert poor == {width: [] for width in poor}


def test_it_has_landmarks_headings_in_order_and_words_for_each_picture(visit: Any) -> None:
    page = visit().page
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map((one) => Number(one.tagName[1]))")
    unnamed = page.eval_on_selector_all(
        "svg", "all => all.filter((one) => !one.getAttribute('aria-label') && !one.querySelector('title')).length"
    )

    assert [page.locator(mark).count() for mark in ("header", "main", "footer", "nav[aria-label]")] == [1, 1, 1, 2]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert unnamed == 0
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.locator("th:not([scope])").count() == 0


def test_the_figures_are_searched_sorted_and_paged_by_keyboard(visit: Any) -> None:
    seen = visit()
    keys = seen.page.keyboard
    assert seen.shown_rows() == 25

    seen.page.focus("#search")
    keys.type("pesos millones")
    found = seen.page.locator("#found").inner_text()
    assert 0 < int(found.split(" of ")[0]) < 100
    assert "pesos" in seen.page.locator("#listed tbody tr:visible").first.inner_text()

    keys.press("Tab")
    keys.type("money")
    seen.page.focus("#search")
    keys.press("Control+A")
    keys.press("Delete")
    kinds = seen.page.eval_on_selector_all(
        "#listed tbody tr:not([hidden])", "all => all.map((one) => one.dataset.kind)"
    )
    assert set(kinds) == {"money"}

    seen.page.focus("#listed th button")
    keys.press("Enter")
    worth = "all => all.map((one) => Number(one.cells[0].dataset.sort))"
    falling = seen.page.eval_on_selector_all("#listed tbody tr:not([hidden])", worth)
    assert falling == sorted(falling, reverse=True)
    assert seen.page.locator("#listed th").first.get_attribute("aria-sort") == "descending"

    seen.page.focus("#later")
    keys.press("Enter")
    assert seen.page.locator("#place").inner_text() == "page 2 of 5"
    assert max(seen.page.eval_on_selector_all("#listed tbody tr:not([hidden])", worth)) <= falling[-1]
    assert seen.complaints == []


def test_a_search_that_finds_nothing_says_so(visit: Any) -> None:
    seen = visit()
    seen.page.fill("#search", "zeppelins over the harbour")

    assert (seen.shown_rows(), seen.page.locator("#found").inner_text()) == (0, "0 of 625 figures")


def test_the_first_thing_to_tab_to_leads_to_the_report(visit: Any) -> None:
    page = visit().page
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#report"
    assert page.locator(".skip").bounding_box()["x"] >= 0


def test_without_scripts_all_is_there(visit: Any) -> None:
    seen = visit(java_script_enabled=False)

    assert seen.shown_rows() == 625
    assert not seen.page.locator("#controls").is_visible()
    assert not seen.page.locator("#pages").is_visible()


def test_on_paper_it_is_light_and_fits_and_tells_what_to_do(visit: Any) -> None:
    seen = visit(width=718, color_scheme="dark", java_script_enabled=False)
    seen.page.emulate_media(media="print")

    assert seen.page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 718
    assert seen.shown_rows() == 50
    assert not seen.page.locator("header nav").is_visible()
    assert "Failed rules" in seen.page.locator("#alerts").inner_text()
