"""The FAQ as a page: whatever an entry says stays text."""

from __future__ import annotations

from html.parser import HTMLParser

from hark.domain.canned import Entry
from hark.domain.faq_page import page
from hypothesis import given, settings
from hypothesis import strategies as st

TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "section", "p", "br", "a"}


class Read(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") for name, _ in attrs)
        self.said += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.said += data


def entry(text: str, title: str = "Title") -> Entry:
    return Entry(
        id="en_k1", brand="acme", language="en", kind="faq", public=True, title=title, text=text, by="lea", at=""
    )


def read(made: str) -> Read:
    reader = Read()
    reader.feed(made)
    reader.close()
    return reader


def test_addresses_become_links_and_others_do_not() -> None:
    text = "See https://acme.example/a?b=1&c=2. Not javascript:alert(1) or data:text/html,x"
    assert read(page("", [entry(text)])).links == ["https://acme.example/a?b=1&c=2"]


def test_quotes_end_no_attribute() -> None:
    made = read(page("", [entry('https://acme.example/" onmouseover="x()')]))
    assert made.links == ["https://acme.example/"]


def test_an_empty_faq_is_a_page_too() -> None:
    assert read(page("Acme", [])).tags <= TAGS


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="<>&\"'/ax=:. \nhtps", max_size=80), st.text(alphabet="<>&\"'ax", max_size=20))
def test_no_text_makes_a_tag_or_a_link_to_elsewhere(text: str, title: str) -> None:
    made = read(page(title, [entry(text, title)]))
    assert made.tags <= TAGS
    assert all(link.startswith(("http://", "https://")) for link in made.links)
