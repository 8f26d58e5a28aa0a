import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.unit.results.made_run import made_run
from workstation.reports import ink
from workstation.reports.charts.shapes import Box, Label, Picture
from workstation.reports.charts.svg import slug, svg
from workstation.reports.dossier.memo import SECTIONS, memo
from workstation.reports.dossier.pack import Pack
from workstation.reports.template import Template
from workstation.reports.web import html_bytes
from workstation.ui.tokens import DARK, LIGHT

VOID = {"meta", "img", "br", "rect", "line", "polyline"}


class Reader(HTMLParser):
    """Keeps texts and links, and checks that every element is closed in its turn."""

    def __init__(self, page):
        super().__init__()
        self.open, self.texts, self.links, self.tags = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def page():
    return html_bytes(memo(Pack(made_run()))).decode()


def test_the_page_has_the_sections_and_figures_of_the_memo(page):
    read = Reader(page)
    said = " ".join(read.texts)
    assert read.tags.count("section") == len(SECTIONS) == 13
    for text in ("1,650,061", "1,320,048", "DRAFT", "BTC: no price", "es rate, btc rate"):
        assert text in said
    assert read.tags.count("svg") >= 2


def test_the_page_fetches_nothing_and_runs_nothing(page):
    read = Reader(page)
    assert all(link.startswith("#s") for link in read.links)
    assert "script" not in read.tags
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(http" not in page


def test_text_of_the_client_is_escaped():
    run = made_run()
    named = replace(run, book=replace(run.book, name="<script>alert(1)</script> & Co"))
    page = html_bytes(memo(Pack(named, Template(firm='"><b>', disclaimer="{{ 7*7 }}")))).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in page
    assert "{{ 7*7 }}" in page
    Reader(page)


def test_the_same_run_gives_the_same_page(page):
    assert html_bytes(memo(Pack(made_run()))).decode() == page


def test_charts_name_tokens_so_that_they_follow_the_palette():
    picture = Picture(100, 20, 'a "chart" <b>', [
        Box(0, 0, 50, 10, "silo:futures", "cross"), Box(50, 0, 10, 10, "#B35806"),
        Label(0, 18, "a very long label & more", room=40)])
    made = svg(picture, 3)
    assert "fill:var(--silo-futures)" in made
    assert "fill:#B35806" in made
    assert "url(#cross-3)" in made
    assert "&lt;b&gt;" in made
    assert "…" in made
    assert "<title>a very long label &amp; more</title>" in made
    Reader(made)


def test_every_token_a_page_uses_is_defined_in_both_palettes(page):
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", page))
    light = {slug(name) for name in ink.PAPER}
    assert used <= light | {f"on-{name}" for name in light}
    assert ink.PAPER.keys() == ink.NIGHT.keys()


def test_tokens_are_those_of_the_window():
    for palette, window in ((ink.PAPER, LIGHT), (ink.NIGHT, DARK)):
        for name in ("line", "text", "muted", "accent", "granted", "partial", "denied",
                     "excluded", "what_if"):
            assert palette[name] == getattr(window, name)
        for silo, colour in window.silos.items():
            assert palette[f"silo:{silo}"] == colour


def test_texts_of_the_dark_page_can_be_read():
    for name in ("text", "muted", "accent", "granted", "partial", "denied", "excluded"):
        assert ink.contrast(ink.NIGHT[name], ink.NIGHT["surface"]) >= 4.5
