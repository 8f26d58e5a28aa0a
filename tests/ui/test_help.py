"""The guide opens, its links lead somewhere, and its pictures exist."""

import re

import pytest
from PySide6.QtCore import QUrl

from workstation.ui.help.browser import HelpBrowser
from workstation.ui.help.pages import anchor, folder, headings, pages
from workstation.workspace.actions import ACTIONS

LINK = re.compile(r"\]\(([^)]+)\)")


@pytest.fixture
def browser(qtbot):
    made = HelpBrowser()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page):
    commands = {action.id for action in ACTIONS}
    for target in LINK.findall(page.text):
        if target.startswith("command:"):
            assert target.removeprefix("command:") in commands, target
        elif target.endswith(".png"):
            assert (folder() / target).exists(), target
        else:
            assert target.removesuffix(".md").partition("#")[0] in {p.name for p in pages()}, target


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_nothing_is_left_to_fill_in(page):
    assert "<!--" not in page.text
    assert "placeholder" not in page.text
    assert page.title != page.name


def test_generated_pages_hold_keys_terms_and_rules():
    text = {page.name: page.text for page in pages()}
    assert "| Edit: Search everywhere… | Ctrl+K |" in text["keys"]
    assert "17 CFR 240.15c3-1a" in text["glossary"]
    assert "FINRA Rule 4210" in text["rules"]


def test_pages_are_chosen_found_and_gone_back_from(browser):
    browser.show_page("start")
    assert "Five minutes" in browser.text.toPlainText()
    browser.show_page("glossary")
    browser.back.click()
    assert browser.list.currentItem().text() == "Start"
    browser.field.setText("amplification")
    names = [browser.list.item(row).text() for row in range(browser.list.count())]
    assert "Cascade" in names
    assert "Collateral" not in names


def test_a_heading_is_scrolled_to_and_commands_leave_as_signals(browser, qtbot):
    browser.show_page("positions", anchor("Flags and comments"))
    assert browser.text.textCursor().block().text() == "Flags and comments"
    with qtbot.waitSignal(browser.command_wanted) as heard:
        browser.text.anchorClicked.emit(QUrl("command:edit.history"))
    assert heard.args == ["edit.history"]
    browser.text.anchorClicked.emit(QUrl("https://example.org/"))
    assert browser.list.currentItem().text() == "Working with positions"


def test_every_heading_can_be_linked_to():
    assert ("positions", "flags-and-comments", "Flags and comments") in headings()
    assert all(name for _, name, _ in headings())
