"""JSON-LD is read block by block, broken or not."""

import pytest

from ingest.articles.jsonld import first_text, read_nodes, story_of


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "NewsArticle", "headline": "Flood"}',
        '[{"@type": "WebSite"}, {"@type": ["NewsArticle"], "headline": "Flood"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": "http://schema.org/NewsArticle", "headline": "Flood"}]}',
        '{"@type": "NewsArticle", "headline": "Flood",}',
        '{"@type": "NewsArticle", "headline": "Flood"\n "author": "Rosa Kay"}',
        '<!-- {"@type": "NewsArticle", "headline": "Flood"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Flood"}\n//]]>',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Flood&quot;}",
        '{"@type": "NewsArticle", "headline": "Flood"}; {"@type": "Thing"',
        '{"@type": "NewsArticle", "headline": "Flood", "description": "two\nlines"}',
        '{"@type": "NewsArticle", "headline": "Flood", "wordCount": ' + "9" * 5_000 + "}",
    ],
)
def test_an_article_is_found_in_its_block(block: str) -> None:
    assert first_text(story_of(read_nodes([block])).get("headline")) == "Flood"


def test_a_broken_block_does_not_hide_the_next() -> None:
    blocks = ["{{{", '{"@type": "NewsArticle", "headline": "Flood"}']

    assert first_text(story_of(read_nodes(blocks)).get("headline")) == "Flood"


def test_an_article_is_preferred_to_the_page_it_is_on() -> None:
    blocks = ['{"@type": "WebPage", "headline": "Front"}', '{"@type": "Article", "headline": "Flood"}']

    assert story_of(read_nodes(blocks))["headline"] == "Flood"


def test_endless_nesting_is_no_article() -> None:
    assert read_nodes(["[" * 100_000]) == ()
