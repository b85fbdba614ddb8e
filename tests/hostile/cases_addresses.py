"""Entries whose links are no addresses of the web, or lead inward. Nothing is asked, and the entry says why."""

from tests.hostile.case import Case, bad_entry, bad_page
from tests.hostile.wire import Reply
from tests.hostile.words import page

NOWHERE, REFUSED = "failed no_address", "failed address_refused"


def _link(id: str, link: str, ends: str = REFUSED) -> Case:  # noqa: A002
    return bad_entry(f"link_{id}", f"links an entry to {link}", Reply(page("Hostile ferry")), ends=ends, link=link)


ADDRESSES = (
    _link("file", "file:///etc/passwd", NOWHERE),
    _link("javascript", "javascript:alert(1)", NOWHERE),
    _link("data", "data:text/html,<p>Hello</p>", NOWHERE),
    _link("mailto", "mailto:editor@news.example", NOWHERE),
    _link("port_zero", "http://127.0.0.1:0/story", NOWHERE),
    _link("port_absurd", "http://127.0.0.1:99999/story", NOWHERE),
    _link("brackets", "http://[::1/story", NOWHERE),
    _link("other_port", "http://127.0.0.1:{trap}/story"),
    _link("localhost", "http://localhost:{trap}/story"),
    _link("localhost_shouted", "HTTP://LOCALHOST:{trap}/story"),
    _link("private_10", "http://10.1.2.3/story"),
    _link("private_172", "http://172.16.0.1/story"),
    _link("private_192", "http://192.168.1.1/story"),
    _link("shared", "http://100.64.0.1/story"),
    _link("link_local", "http://169.254.169.254/latest/meta-data/"),
    _link("metadata_of_azure", "http://168.63.129.16/machine?comp=goalstate"),
    _link("link_local_v6", "http://[fe80::1]/story"),
    _link("unique_local_v6", "http://[fd00::1]/story"),
    _link("loopback_v6", "http://[::1]:{trap}/story"),
    _link("nat64", "http://[64:ff9b::7f00:1]:{trap}/story"),
    _link("nat64_local", "http://[64:ff9b:1::7f00:1]:{trap}/story"),
    _link("six_to_four", "http://[2002:7f00:1::]:{trap}/story"),
    _link("multicast", "http://224.0.0.1/story"),
    _link("broadcast", "http://255.255.255.255/story"),
    _link("decimal", "http://2130706433:{trap}/story"),
    _link("hexadecimal", "http://0x7f.1:{trap}/story"),
    _link("fullwidth", "http://１２７.０.０.１:{trap}/story"),
    _link("backslash", "http://127.0.0.1:{trap}\\@news.example/story", NOWHERE),
    _link("userinfo", "http://news.example:80@127.0.0.1:{trap}/story"),
    bad_page("link_spaces", "links an entry to an address with blanks around and within", Reply(),
             link=" {here}/a story ", answers={"/a%20story": Reply(page("Blank ferry"))},
             article={"path": "/a%20story"}),
    bad_page("link_lines", "breaks a link over two lines", Reply(page("Broken ferry")), link="{here}/hos\n tile",
             answers={"/hos%20tile": Reply(page("Broken ferry")), "/hostile": Reply(page("Broken ferry"))},
             article={"path": "/hos%20tile"}),
)  # fmt: skip
