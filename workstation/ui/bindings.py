"""What each declared action does in the window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from workstation.ui.menus import PERSPECTIVE, Run
from workstation.ui.perspectives import PERSPECTIVES

if TYPE_CHECKING:
    from workstation.ui.main_window import MainWindow


def bindings(window: MainWindow) -> Mapping[str, Run]:
    """Return what runs for every action of `ACTIONS`, by its id."""
    return {**_files(window), **_edits(window), **_review(window), **_view(window),
            **_help(window)}


def _files(window: MainWindow) -> Mapping[str, Run]:
    opening = window.opening
    return {
        "file.import": window.importing.ask_and_look, "file.open": opening.ask_and_open,
        "file.open_sample": opening.open_sample,
        "file.risk_files": window.risk_files.show,
        "file.template": opening.new_from_template, "file.save": opening.save,
        "file.save_as": opening.save_as, "file.export_pack": opening.export_pack,
        "file.write_back": window.importing.write_back, "file.quit": window.close,
    }


def _edits(window: MainWindow) -> Mapping[str, Run]:
    stack = window.desk.stack
    return {
        "edit.undo": stack.undo, "edit.redo": stack.redo, "edit.copy": window.copy,
        "edit.copy_bare": window.copy_bare,
        "edit.paste": window.paste, "edit.find": window.positions.start_search,
        "edit.search": window.dialogs.search, "edit.goto": window.dialogs.go_to,
        "edit.history": partial(window.navigation.show_dock, "history"),
    }


def _review(window: MainWindow) -> Mapping[str, Run]:
    return {
        "review.recompute": window.desk.recompute, "review.cancel": window.cancel,
        "review.why": window.navigation.why, "review.regimes": window.compare_regimes,
        "review.versions": window.compare_versions,
        "review.programmes": partial(window.ask, window.comparisons.programmes),
        "review.netting_sets": partial(window.ask, window.comparisons.netting_sets),
        "review.calibration_steps": partial(window.ask, window.comparisons.calibration_steps),
        "review.reconcile": window.reconciling.ask,
        "review.mark_reviewed": window.deciding.mark_reviewed,
        "review.approve": window.deciding.approve,
        "review.new_version": window.deciding.new_version,
        "review.design": partial(window.docks.bring, "design"),
    }


def _view(window: MainWindow) -> Mapping[str, Run]:
    look = window.appearance
    return {
        "view.back": window.navigation.back,
        "view.next_panel": window.navigation.next_panel,
        "view.palette": look.switch_palette,
        "view.density": look.switch_density,
        "view.text": look.next_text_size,
        "view.scale": partial(look.next_amounts, "view.scale"),
        "view.decimals": partial(look.next_amounts, "view.decimals"),
        "view.numbers": look.next_numerals,
        "view.reset_layout": window.reset_layout,
        **{f"{PERSPECTIVE}{name}": partial(window.use_perspective, name)
           for name in PERSPECTIVES},
    }


def _help(window: MainWindow) -> Mapping[str, Run]:
    return {
        "help.guide": window.dialogs.guide, "help.tour": window.dialogs.tour,
        "help.palette": window.dialogs.commands,
        "help.coverage": window.dialogs.coverage, "help.about": window.dialogs.about,
    }
