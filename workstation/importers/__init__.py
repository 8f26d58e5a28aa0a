"""Client files to a book and a list of problems."""

from workstation.importers.document import import_document
from workstation.importers.imported import (
    CashLine,
    ColumnChoice,
    ControlTotal,
    Imported,
)
from workstation.importers.reading import import_file, refused
from workstation.importers.template import write_template
from workstation.importers.write_book import write_book

__all__ = [
    "CashLine", "ColumnChoice", "ControlTotal", "Imported", "import_document", "import_file",
    "refused", "write_book", "write_template",
]
