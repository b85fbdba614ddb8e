"""A page's tree is the one that BeautifulSoup builds by itself, less what is never read."""

from itertools import pairwise

import bs4
import pytest
from bs4 import BeautifulSoup, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.builder._lxml import LXMLTreeBuilderForXML as XMLBuilder
from bs4.element import PreformattedString

from ingest.articles.markup import read_markup
from ingest.articles.tree import elements_in

PAGES = (
    "<html lang=en><title>Rain</title><meta name=a content=b><body class='x y'><p id=one>It <b>rained</b>.",
    "<p>One<p>Two<br>Three</div></span><table><tr><td>Four<td>Five</table>",
    "<ul><li>a<li>b</ul><b><i>crossed</b> over</i> and on",
    "<!doctype html><p>before<!doctype html>after, all",
    "<ruby>word<rt>said</rt></ruby> and <pre> kept  as it is </pre><script>unclosed <p>",
    "<article>" + "<div>" * 50 + "deep" + "</div>" * 50 + "beside</article>",
    "no markup at all",
)


def told(soup: Tag) -> list[object]:
    return [
        (node.name, node.attrs, node.get_text(" ").split()) if isinstance(node, Tag) else (type(node), str(node))
        for node in soup.descendants
        if isinstance(node, Tag) or (not isinstance(node, PreformattedString) and str(node).strip())
    ]


def test_beautifulsoup_is_one_that_the_tree_is_built_as() -> None:
    """Where this fails, a newer BeautifulSoup has changed within: articles/tree.py follows it first, then its bound."""
    theirs = BeautifulSoup(PAGES[0], "lxml", multi_valued_attributes=None)
    ours = read_markup(PAGES[0]).soup
    element, text = theirs.find("b"), theirs.find(string="rained")
    assert isinstance(element, Tag)
    unknown = {
        "values of an element": vars(element).keys() - set(dir(ours.find("b"))),
        "values of a text": vars(text).keys() - set(dir(ours.find(string="rained"))),
        "calls of the parser": {"start", "end", "data", "close", "doctype", "comment", "pi"} - vars(XMLBuilder).keys(),
        "values of a builder": {"string_containers"} - vars(LXMLTreeBuilder()).keys(),
    }

    assert {what: names for what, names in unknown.items() if names} == {}, f"beautifulsoup4 {bs4.__version__}"


@pytest.mark.parametrize("page", PAGES)
def test_a_tree_holds_what_beautifulsoup_finds(page: str) -> None:
    expected = BeautifulSoup(page, "lxml", multi_valued_attributes=None)

    assert told(read_markup(page).soup) == told(expected)


@pytest.mark.parametrize("page", PAGES)
def test_a_node_is_tied_to_those_around_it(page: str) -> None:
    soup = read_markup(page).soup

    nodes = [soup, *soup.descendants]
    assert all(one.next_element is other and other.previous_element is one for one, other in pairwise(nodes))
    for tag in elements_in(soup, {"html", "body", "p", "b", "td", "div"}):
        assert all(child.parent is tag for child in tag.contents)
        assert all(one.next_sibling is other and other.previous_sibling is one for one, other in pairwise(tag.contents))
        assert tag.contents == [] or (tag.contents[0].previous_sibling, tag.contents[-1].next_sibling) == (None, None)


def test_elements_come_in_the_order_of_the_page() -> None:
    soup = read_markup("<div><p>1 <i>2</i></p><i>3</i><b>4</b></div><i>5</i>").soup

    assert [tag.get_text() for tag in elements_in(soup, {"i", "b"})] == ["2", "3", "4", "5"]
    assert [tag.get_text() for tag in elements_in(next(elements_in(soup, {"div"})), {"i"})] == ["2", "3"]
