"""Open, save and export: files in and out of the window, without losing what is on the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from workstation.base.files import with_ending
from workstation.base.problem import UnusableInputError
from workstation.base.progress import Progress
from workstation.ui.asking import Asking
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.recovering import Recovering
from workstation.ui.runner import Runner
from workstation.ui.shelf import Shelf
from workstation.ui.table_model import TableModel
from workstation.ui.tasks import Work

if TYPE_CHECKING:
    from workstation.workspace.session import Session
    from workstation.workspace.settings import Settings

SUFFIX = ".crossmargin"
SAMPLE = "meridian_macro"


class Opening(QObject):
    """Moves reviews between files and the desk; a file that cannot be used changes nothing."""

    progressed = Signal(float, str)
    rested = Signal()
    opened = Signal(object)
    saved = Signal(object)
    refused = Signal(str)
    working = Signal(bool)
    preview_wanted = Signal(object)

    def __init__(self, desk: Desk, settings: Settings, banner: Banner, asking: Asking) -> None:
        super().__init__(desk)
        self._desk, self._settings, self._banner = desk, settings, banner
        self.asking = asking
        self._runner = Runner(self)
        self._runner.progressed.connect(self.progressed)
        self._runner.working.connect(self._announce)
        self._runner.finished.connect(lambda task: self._done(task.result))
        self._runner.failed.connect(lambda task: self._refused(task.error))
        self._runner.cancelled.connect(
            lambda: self._banner.notice("Stopped; nothing was changed."))
        self._done: Callable[[Any], object] = lambda _: None
        self._also = ""
        self._path = Path()
        self._shelf = Shelf(settings.folder)
        self.recovering = Recovering(desk, banner, self._shelf, self._runner.pool, self._start,
                                     self.may_leave)
        self.recovering.recovered.connect(self.opened)

    @property
    def is_working(self) -> bool:
        """Say whether a file is being read or written."""
        return self._runner.is_working

    # Opening ------------------------------------------------------------------------------

    def ask_and_open(self) -> None:
        """Let the analyst choose a file, and open it."""
        path = self.asking.file_to_open()
        if path is not None:
            self.open_path(path)

    def open_paths(self, paths: list[Path]) -> None:
        """Open the first of several dropped files, and say that the others were not."""
        if not paths or not self.open_path(paths[0]):
            return
        others = paths[1:]
        if others:
            self._also = (f"One review at a time: {', '.join(path.name for path in others)} "
                          f"{'was' if len(others) == 1 else 'were'} not opened; What-if can add "
                          "the positions of a file.")

    def open_path(self, path: Path, password: str | None = None) -> bool:
        """Open a file in the background; False when the analyst kept the open review."""
        if not self.may_leave():
            return False
        self._path, self._also = path, ""

        def read(progress: Progress) -> Session:
            from workstation.workspace.session import Session

            return Session.from_file(path, progress, password=password)

        self._banner.hide()
        self._start(read, self._read_or_preview)
        return True

    def open_sample(self) -> None:
        """Open the invented macro fund, or whichever sample client there is."""
        from workstation.workspace.session import sample_books

        books = sample_books()
        if not books:
            self._banner.error("No sample clients came with this installation.")
            return
        self.open_path(next((b for b in books if b.stem == SAMPLE), books[0]))

    def adopt(self, session: Session, path: Path) -> bool:
        """Put a review read elsewhere on the desk; False where the analyst keeps the open one."""
        if not self.may_leave():
            return False
        self._path = path
        self._read(session)
        return True

    def _read_or_preview(self, session: Session) -> None:
        """Open a file, or show its preview where a column was read without being sure."""
        from workstation.workspace.importing import doubtful_columns

        doubtful = () if self._path.suffix == SUFFIX else doubtful_columns(session.mapping)
        if not doubtful:
            self._read(session)
            return
        self.preview_wanted.emit(self._path)
        columns = ", ".join(doubtful)
        self._banner.notice(f"{self._path.name}: not sure what {columns} "
                            f"{'is' if len(doubtful) == 1 else 'are'}; check the preview before "
                            "it is opened.")

    def _read(self, session: Session) -> None:
        self._desk.adopt(session)
        self._settings.remember(self._path)
        self._stay_in_folder()
        self.opened.emit(session)
        self._banner.add(self._also)
        self._also = ""
        if self._path.suffix != SUFFIX or not self.recovering.offer_changes(self._path):
            self.recovering.offer_unsaved()

    def _stay_in_folder(self) -> None:
        """Let the next file be asked for beside this one, unless it is a sample of ours."""
        from workstation.workspace.session import sample_books

        if self._path not in sample_books():
            self._settings["files.folder"] = str(self._path.absolute().parent)

    # Saving -------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the review's own file, asking for one the first time; False if not saved."""
        session = self._desk.session
        if session is None:
            return False
        return self._write(session, None) if session.project_path else self.save_as()

    def save_as(self) -> bool:
        """Save to a file the analyst chooses; False if none was."""
        from workstation.workspace.session import review_file

        session = self._desk.session
        if session is None:
            return False
        start = session.project_path or Path(f"{_file_name(session.book.name)}{SUFFIX}")
        path = self.asking.file_to_save("Save the review", start, f"Crossmargin (*{SUFFIX})")
        return path is not None and self._write(session, review_file(path))

    def _write(self, session: Session, path: Path | None) -> bool:
        """Save to a file, or to the review's own; what keeps it from being saved is said."""
        run, name = session.run, (path or session.project_path or Path()).name
        if not self._desk.is_current:
            session.run = None  # a stored run always follows from the stored book
        try:
            saved = session.save(path)
        except UnusableInputError as error:
            self._banner.error(str(error), "Save as…", self.save_as)
            return False
        except OSError as error:
            self._banner.error(f"{name} was not saved: {error.strerror or error}.",
                               "Save as…", self.save_as)
            return False
        finally:
            session.run = run
        self._desk.stack.setClean()
        self._shelf.clear()
        self._settings.remember(saved)
        self._banner.notice(f"Saved {saved.name}.")
        self.saved.emit(saved)
        return True

    def export_pack(self) -> None:
        """Write the parts of the pack the analyst chooses; it can be stopped between two files."""
        session = self._desk.session
        if session is None or not self._desk.is_current:
            self._banner.error("There is no finished review to export; wait for the figures, "
                               "or recompute with F5.")
            return
        choice = self.asking.pack()
        if choice is None:
            return

        def write(progress: Progress) -> tuple[Path, ...]:
            from workstation.workspace.export import export

            return export(session, choice, progress)

        self._start(write, self._exported)

    def _exported(self, paths: tuple[Path, ...]) -> None:
        names = ", ".join(path.name for path in paths)
        self._banner.notice(f"Wrote {names} to {paths[0].parent}." if paths else
                            "Nothing was written: no account is called.")

    def export_table(self, model: TableModel, name: str) -> None:
        """Write a table as it is filtered and sorted into a CSV file the analyst chooses."""
        from workstation.ui.docks.writing import write_csv

        path = self.asking.file_to_save("Export the table", Path(name), "CSV (*.csv)")
        if path is None:
            return
        try:
            write_csv(model, path)
        except OSError as error:
            self._banner.error(f"{path.name} was not written: {error.strerror or error}.")
        else:
            self._banner.notice(f"Wrote {path.name}.")

    def new_from_template(self) -> None:
        """Write an empty position workbook for the analyst to fill in."""
        path = self.asking.file_to_save("Write an empty position workbook",
                                        Path("positions.xlsx"), "Excel workbook (*.xlsx)")
        if path is None:
            return
        target = with_ending(path, ".xlsx")

        def write(progress: Progress) -> Path:
            from workstation.importers.template import write_template

            write_template(target)
            return target

        self._start(write, lambda _: self._banner.notice(
            f"Wrote {target.name}. Fill it in, save it, and open it here.",
            "Open it", lambda: self.open_path(target)))

    # Leaving ------------------------------------------------------------------------------

    def may_leave(self) -> bool:
        """Ask what becomes of unsaved changes; False when the analyst stays."""
        if self._desk.session is None or self._desk.stack.isClean():
            self._shelf.clear()
            return True
        match self.asking.unsaved(self._desk.session.book.name):
            case "save":
                return self.save()
            case "discard":
                self.recovering.autosave.discard()
                return True
            case _:
                return False

    # Work in the background ---------------------------------------------------------------

    def _start(self, work: Work, done: Callable[[Any], object]) -> None:
        self._done = done
        self._runner.start(work)

    def _announce(self, is_working: bool) -> None:
        self.working.emit(is_working)
        if not is_working:
            self.rested.emit()

    def work(self, work: Work, done: Callable[[Any], object],
             path: Path | None = None) -> None:
        """Do something with files in the background; what cannot be used is said in the banner.

        `path` is the file a remedy in the banner is about.
        """
        self._path = path or self._path
        self._start(work, done)

    def cancel(self) -> None:
        """Stop reading or writing."""
        self._runner.cancel()

    def stop(self) -> None:
        """Cancel and wait until no worker runs."""
        self._runner.stop()

    def _refused(self, error: Exception | None) -> None:
        """Say in a sentence why a file could not be used, with what would help."""
        sentence = str(error) if isinstance(error, UnusableInputError) \
            else internal_error(self._path.name, error)
        if isinstance(error, UnusableInputError) and any(
                "password" in problem.what for problem in error.problems):
            self._banner.error(sentence, "Type the password…", self._with_password)
        elif isinstance(error, UnusableInputError) and any(
                "position table" in problem.what or "contradict" in problem.what
                for problem in error.problems):
            path = self._path
            self._banner.error(sentence, "Import with preview…",
                               lambda: self.preview_wanted.emit(path))
        else:
            self._banner.error(sentence)
        self.refused.emit(sentence)

    def _with_password(self) -> None:
        password = self.asking.password(self._path.name)
        if password:
            self.open_path(self._path, password)


def internal_error(what: str, error: Exception | None) -> str:
    """Return the sentence for a bug: what failed, and that the fault is ours."""
    kind = type(error).__name__
    return (f"{what}: internal error ({kind}: {error}). The open review was not changed; "
            "please report this.")


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in name)
    return "-".join(kept.lower().split()) or "review"
