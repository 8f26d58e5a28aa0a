"""Import with preview: the file, what it was read as, what is doubtful, and every decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from workstation.base.progress import Progress
from workstation.ui.import_parts import CHANGES, WizardParts
from workstation.ui.restyle import restyle
from workstation.ui.runner import Runner
from workstation.ui.theme import scaled

if TYPE_CHECKING:
    from workstation.base.problem import Problem
    from workstation.importers.preview import Preview
    from workstation.importers.profile import Profile
    from workstation.importers.recipe import Recipe, Step
    from workstation.importers.sheets import Source
    from workstation.workspace.session import Session

WHAT, WHAT_WIDTH = 2, 560


class ImportWizard(WizardParts):
    """Shows dry runs of one file; every decision is a step that reads it again."""

    committed = Signal(object, bool)
    """The last preview, and whether it becomes a review of its own."""
    profile_wanted = Signal(str, object)
    shown = Signal(object)

    def __init__(self, source: Source, recipe: Recipe, profile: Profile | None = None,
                 session: Session | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent, has_review=session is not None)
        self.setWindowTitle(f"Import {source.path.name}")
        self._source, self.recipe, self._profile, self._session = source, recipe, profile, session
        self._begun = recipe
        self.may_discard: Callable[[str], bool] = lambda _: True
        """Asked before decisions that no profile keeps are given up."""
        self.preview: Preview | None = None
        self._sheet = ""
        self._is_filling = False
        self._target: tuple[str, int, int] | None = None
        self._runner = Runner(self)
        self._runner.finished.connect(lambda task: self._read(task.result))
        self._runner.failed.connect(lambda task: self._failed(task.error))
        self._connect()
        self.read_again()

    def _connect(self) -> None:
        self.sheet.activated.connect(lambda _: self.choose_sheet(self.sheet.currentText()))
        self.only_sheet.clicked.connect(lambda is_on: self.decide(
            "sheet", self.sheet.currentText() if is_on else ""))
        self.view.selectionModel().currentChanged.connect(self._aim)
        self.header.valueChanged.connect(self._header_chosen)
        for kind, chooser in self.marks.items():
            chooser.activated.connect(
                lambda _, k=kind, c=chooser: self.decide(k, c.currentData()))
        self.account.editingFinished.connect(lambda: self._typed("account", self.account))
        self.as_of.editingFinished.connect(lambda: self._typed("as of", self.as_of))
        self.choosers.field_chosen.connect(self.choose_field)
        self.choosers.unit_chosen.connect(
            lambda c, unit: self.decide("unit", unit, self._column_name(c)))
        self.model.cell_set.connect(self._cell_typed)
        self.issues.chosen.connect(self.jump)
        self.issues.view.horizontalHeader().setStretchLastSection(True)
        self.issues.view.doubleClicked.connect(lambda _: self.ask_value())
        self.set_value.clicked.connect(self.ask_value)
        self.leave_out.clicked.connect(self.ignore_row)
        self.account_type.clicked.connect(self.ask_type)
        self.take_back.clicked.connect(self.take_step_back)
        self.save_profile.clicked.connect(self.ask_profile)
        self.cancel.clicked.connect(self.reject)
        self.open_new.clicked.connect(lambda: self.commit(is_new=True))
        self.update_open.clicked.connect(lambda: self.commit(is_new=False))

    # Decisions ----------------------------------------------------------------------------

    def decide(self, kind: str, value: str, target: str = "") -> None:
        """Take a decision (an empty value takes one back) and read the file again."""
        from workstation.base.problem import UnusableInputError
        from workstation.importers.recipe import Step

        if self._is_filling:
            return
        try:
            self._use(self.recipe.with_step(Step(kind, value, target)) if value
                      else self.recipe.without(kind, target))
        except UnusableInputError as error:
            self._say(str(error), "bad")

    def _use(self, recipe: Recipe) -> None:
        if recipe != self.recipe:
            self.recipe = recipe
            self.read_again()

    def choose_field(self, column: int, field: str) -> None:
        """Read a column as another field; a field another column has moves here."""
        self.decide("column", field or "extra", self._column_name(column))

    def choose_sheet(self, name: str) -> None:
        """Show another sheet; all of them are still read, unless only one was decided on."""
        self._sheet = name
        if self.recipe.value("sheet"):
            self.decide("sheet", name)
        else:
            self.read_again()

    def _header_chosen(self, row: int) -> None:
        if self.preview is not None and row and not self._is_filling:
            self.decide("header row", str(row), self.preview.sheet.name)

    def _typed(self, kind: str, field: QLineEdit) -> None:
        text = field.text().strip()
        if text != self.recipe.value(kind):
            self.decide(kind, text)

    def _cell_typed(self, row: int, column: int, text: str) -> None:
        if self.preview is not None:
            self.decide("set cell", text or "0", self.preview.sheet.where(row, column))

    def _column_name(self, column: int) -> str:
        """Return a column's header, or its letter where the header is not its own."""
        from workstation.importers.sheets import column_letters

        headers = self.preview.headers if self.preview is not None else ()
        name = headers[column] if column < len(headers) else ""
        return name if name and headers.count(name) == 1 else column_letters(column)

    def ask_value(self) -> None:
        """Ask for what the cell of the chosen issue should hold."""
        where = self._where()
        if not where:
            return
        text, is_given = QInputDialog.getText(self, "Set value", f"{where} should hold",
                                              text=self._text_there())
        if is_given:
            self.decide("set cell", text or "0", where)

    def ignore_row(self) -> None:
        """Leave out the row of the chosen issue or cell."""
        where = self._where()
        if where:
            self.decide("ignore row", "left out", where)

    def ask_type(self) -> None:
        """Ask for the type of an account: of one that has none, where there is such."""
        from workstation.importers.recipe import ACCOUNT_TYPE, CHOICES

        read = self.preview.imported if self.preview is not None else None
        accounts = read.book.accounts if read is not None and read.book is not None else ()
        names = [a.account_id for a in accounts if a.assumed_type] or [
            a.account_id for a in accounts]
        name, is_given = (names[0], True) if len(names) == 1 else QInputDialog.getItem(
            self, "Account type", "Account", names, editable=False)
        if names and is_given:
            kind, is_given = QInputDialog.getItem(
                self, "Account type", f"Type of {name}", list(CHOICES[ACCOUNT_TYPE]),
                editable=False)
            if is_given:
                self.decide(ACCOUNT_TYPE, kind, name)

    def _aim(self, index: QModelIndex) -> None:
        """Let corrections act on the cell the analyst moved to."""
        if index.isValid() and self.preview is not None:
            self._target = (self.preview.sheet.name, index.row(), index.column())

    def _where(self) -> str:
        """Return the address corrections act on, empty where none was chosen."""
        from workstation.importers.sheets import column_letters

        if self._target is None:
            return ""
        sheet, row, column = self._target
        return f"{sheet}!{column_letters(column)}{row + 1}"

    def _text_there(self) -> str:
        """Return what the cell corrections act on holds in the file."""
        from workstation.importers.sheets import text_of

        if self._target is None:
            return ""
        name, row, column = self._target
        rows = next((s.rows for s in self._source.sheets if s.name == name), [])
        cells = rows[row] if row < len(rows) else []
        return text_of(cells[column]) if column < len(cells) else ""

    def take_step_back(self) -> None:
        """Take back the chosen step, or the last one."""
        steps = self.recipe.steps
        row = self.steps.currentRow()
        if steps:
            step: Step = steps[row if 0 <= row < len(steps) else -1]
            self._use(self.recipe.without(step.kind, step.target))

    def jump(self, problem: Problem) -> None:
        """Go to the cell an issue is about; below the rows shown, say that corrections reach it."""
        from workstation.importers.directed import cell_of

        place = cell_of(problem)
        shown = self.preview
        if place is None or shown is None:
            self._target = None
            return
        if place[0] == shown.sheet.name and place[1] < self.model.rowCount():
            index = self.model.index(place[1], min(place[2], self.model.columnCount() - 1))
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        elif any(sheet.name == place[0] for sheet in shown.source.sheets):
            self._say(f"{problem.where} lies outside the rows shown; Set value and Leave out row "
                      "act on it all the same.")
        self._target = place

    # Dry runs -----------------------------------------------------------------------------

    def read_again(self) -> None:
        """Read the file under the decisions as they stand, in the background."""
        source, recipe, sheet, profile = self._source, self.recipe, self._sheet, self._profile

        def work(progress: Progress) -> Preview:
            from workstation.importers.preview import preview

            return preview(source, recipe, sheet, profile)

        self._runner.start(work)

    def _failed(self, error: Exception) -> None:
        self._say(f"The file could not be read again ({type(error).__name__}: {error}); take the "
                  "last step back.", "bad")

    def _read(self, shown: Preview) -> None:
        if shown.recipe != self.recipe or self._sheet not in ("", shown.sheet.name):
            return  # a later decision is being read
        self._is_filling = True
        first = self.preview is None or self.preview.sheet.name != shown.sheet.name
        self.preview = shown
        self.model.show(shown)
        self.choosers.show_preview(shown)
        if first:
            self.view.fit()
        self._fill_controls(shown)
        self._fill_below(shown)
        self._is_filling = False
        self.shown.emit(shown)

    def _fill_controls(self, shown: Preview) -> None:
        from workstation.workspace.import_tables import contradiction, summary

        read = shown.imported
        kind = read.kind if read else "not recognised"
        day = f", as of {read.as_of:%Y-%m-%d}" if read and read.as_of else ""
        by = f", read with the profile {shown.profile.name}" if shown.profile else ""
        self.title.setText(f"{shown.source.path.name}: {kind}{day}{by}")
        self._say(contradiction(shown) or self._known_already() or (
            "Choose what each column is; correct a cell by typing into it. Nothing is imported "
            "before you say so."), "bad" if contradiction(shown) else "")
        if self.sheet.count() == 0:
            self.sheet.addItems([sheet.name for sheet in shown.source.sheets])
        self.sheet.setCurrentText(shown.sheet.name)
        self.only_sheet.setChecked(bool(self.recipe.value("sheet")))
        self.only_sheet.setVisible(len(shown.source.sheets) > 1)
        self.header.setMaximum(max(1, len(shown.sheet.rows)))
        self.header.setValue(shown.header_row + 1)
        for kind_, chooser in self.marks.items():
            chooser.setCurrentIndex(max(0, chooser.findData(self.recipe.value(kind_))))
        self.account.setText(self.recipe.value("account"))
        self.as_of.setText(self.recipe.value("as of") or (
            f"{read.as_of:%Y-%m-%d}" if read and read.as_of else ""))
        self.summary.setText(summary(shown))
        ready = read is not None and read.book is not None
        for button in (self.open_new, self.update_open):
            button.setEnabled(ready)

    def _known_already(self) -> str:
        from workstation.workspace.import_edit import imported_before

        name = imported_before(self._session, self._source.sha256)
        return (f"This very file was already imported into the open review as {name}."
                if name else "")

    def _fill_below(self, shown: Preview) -> None:
        from workstation.results.book_difference import difference
        from workstation.workspace.import_tables import (
            changes_table,
            issues_table,
            totals_table,
        )

        problems, read = shown.all_problems, shown.imported
        self.issues.show_table(issues_table(problems), refit=True)
        self.issues.view.setColumnWidth(WHAT, scaled(WHAT_WIDTH))
        self.totals.show_table(totals_table(read.control_totals if read else ()), refit=True)
        self.steps.clear()
        self.steps.addItems([f"{n}.  {step.words}"
                             for n, step in enumerate(self.recipe.steps, start=1)])
        counts = [(0, "Issues", len(problems)), (1, "Control totals",
                                                 len(read.control_totals) if read else 0),
                  (2, "Steps", len(self.recipe.steps))]
        if self._session is not None and read is not None and read.book is not None:
            changes = difference(self._session.book, read.book)
            self.changes.show_table(changes_table(changes), refit=True)
            counts.append((CHANGES, "Changes", len(changes)))
        for tab, name, count in counts:
            self.tabs.setTabText(tab, f"{name} ({count})" if count else name)

    def _say(self, words: str, tone: str = "") -> None:
        self.words.setText(words)
        restyle(self.words, "tone", tone)

    # Ending -------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close, unless decisions would be lost and the analyst stays."""
        if self.has_decided() and not self.may_discard(
                f"Close without importing? Your {len(self.recipe.steps)} decisions on "
                f"{self._source.path.name} are not kept unless they are saved as a profile."):
            return
        super().reject()

    def has_decided(self) -> bool:
        """Say whether there are decisions that no profile keeps."""
        return self.recipe != self._begun and bool(self.recipe.steps)

    def ask_profile(self) -> None:
        """Ask for a name and keep the decisions under it."""
        name, is_given = QInputDialog.getText(self, "Save as profile", "Name of the profile",
                                              text=self._source.path.stem)
        if is_given and name.strip() and self.preview is not None:
            self.profile_wanted.emit(name.strip(), self.preview)
            self._begun = self.recipe

    def commit(self, *, is_new: bool) -> None:
        """Offer what is shown; whoever takes it closes the preview."""
        if self.preview is not None and self.preview.imported is not None:
            self.committed.emit(self.preview, is_new)

    def done(self, result: int) -> None:
        """Wait for the reader before the dialog goes."""
        self._runner.stop()
        super().done(result)
