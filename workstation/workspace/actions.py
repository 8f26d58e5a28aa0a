"""Every command of the application, declared once; menus, toolbar and palette read this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One command: its id, what the menu says, where it stands and which keys run it."""

    id: str
    title: str
    menu: str
    shortcut: str = ""
    hint: str = ""
    toolbar: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("file.open", "Open…", "File", "Ctrl+O",
           "Open a position workbook, a CSV or a saved review", toolbar=True),
    Action("file.import", "Import with preview…", "File", "Ctrl+I",
           "See a client's file as it will be read, choose columns and correct cells"),
    Action("file.open_sample", "Open a sample client", "File", "",
           "Open one of the invented sample clients"),
    Action("file.risk_files", "Risk-parameter files…", "File", "",
           "Load an exchange's .pa2 or .spn file, and see what is in it"),
    Action("file.template", "New from template…", "File", "Ctrl+N",
           "Write an empty position workbook to fill in"),
    Action("file.save", "Save", "File", "Ctrl+S", "Save the review", toolbar=True),
    Action("file.save_as", "Save as…", "File", "Ctrl+Shift+S", "Save the review to another file"),
    Action("file.export_pack", "Export review pack…", "File", "Ctrl+E",
           "Write the memo, the workbook and the JSON of this review", toolbar=True),
    Action("file.write_back", "Write margin into a copy of the workbook…", "File", "",
           "Put margin and offsets beside each position in a copy of the client's own workbook"),
    Action("file.quit", "Quit", "File", "Ctrl+Q", "Close the application"),
    Action("edit.undo", "Undo", "Edit", "Ctrl+Z", "Take the last change back", toolbar=True),
    Action("edit.redo", "Redo", "Edit", "Ctrl+Y", "Make the change again", toolbar=True),
    Action("edit.copy", "Copy with headers", "Edit", "Ctrl+C",
           "Copy the selection as tab-separated text and HTML"),
    Action("edit.copy_bare", "Copy without headers", "Edit", "Ctrl+Shift+C",
           "Copy the selection alone, to paste it under headings you have"),
    Action("edit.paste", "Paste rows", "Edit", "Ctrl+V",
           "Type rows copied from a spreadsheet over quantities, prices or accounts"),
    Action("edit.find", "Find in positions", "Edit", "Ctrl+F", "Filter the positions table"),
    Action("edit.search", "Search everywhere…", "Edit", "Ctrl+K",
           "Find commands, positions, accounts, offsets, rules, problems and help by name"),
    Action("edit.goto", "Go to position…", "Edit", "Ctrl+G",
           "Find a position by symbol, account or cell"),
    Action("edit.history", "History", "Edit", "Ctrl+H",
           "Every step since opening, to go back to, and the audit trail"),
    Action("review.recompute", "Recompute", "Review", "F5", "Compute the whole review again"),
    Action("review.cancel", "Cancel the running work", "Review", "Esc",
           "Stop the running computation"),
    Action("review.why", "Why this number?", "Review", "F1",
           "Show the rule, the parameter and the inputs behind the selection"),
    Action("review.regimes", "Compare securities rulebooks…", "Review", "",
           "Regulation T, strategy-based and portfolio margin for the same accounts"),
    Action("review.versions", "Compare swaps calibrations…", "Review", "",
           "Sensitivity-based margin under every calibration shipped"),
    Action("review.netting_sets", "Netting sets of swaps…", "Review", "",
           "What each uncleared swaps account posts, by measure and regulation"),
    Action("review.calibration_steps", "What the last calibration changed…", "Review", "",
           "From the calibration before to the one in use, one kind of table at a time"),
    Action("review.programmes", "Cross-margin programmes…", "Review", "",
           "What each programme admits, would save, and where margin would lie"),
    Action("review.reconcile", "Reconcile with stated margin…", "Review", "",
           "Compare with what a broker or clearing house states: breaks and likely causes"),
    Action("review.design", "Edit the design…", "Review", "Ctrl+D",
           "Change the knobs of the chosen harmonised design"),
    Action("view.back", "Back", "View", "Alt+Left",
           "Return to where the last jump started"),
    Action("view.next_panel", "Next panel", "View", "F6",
           "Give the keyboard to the next part of the window"),
    Action("view.palette", "Switch light and dark", "View", "Ctrl+Shift+L",
           "Change between the light and the dark palette"),
    Action("view.density", "Compact rows", "View", "", "Switch between compact and wide rows"),
    Action("view.text", "Size of text", "View", "Ctrl+Shift+T",
           "Write everything larger or smaller: 90 to 150 per cent"),
    Action("view.scale", "Amounts in units, thousands, millions", "View", "Ctrl+Shift+K",
           "Write money in the next scale; what is copied stays whole"),
    Action("view.decimals", "Decimals of amounts", "View", "",
           "Write money with none, one or two decimals"),
    Action("view.numbers", "Number format", "View", "",
           "Write and read numbers as 1,234.5, 1.234,5, 1 234,5 or 1'234.5"),
    Action("view.perspective.import", "Import", "View", "Ctrl+1",
           "Positions as read, accounts, market and problems"),
    Action("view.perspective.review", "Review", "View", "Ctrl+2",
           "Silos, explanation, offsets and bridge"),
    Action("view.perspective.stress", "Stress", "View", "Ctrl+3",
           "Scenarios, scans and the distance to a call"),
    Action("view.perspective.collateral", "Collateral", "View", "Ctrl+4",
           "Lots, liens and what is free"),
    Action("view.perspective.cascade", "Cascade", "View", "Ctrl+5", "Liquidation cascade"),
    Action("view.perspective.lab", "Lab", "View", "Ctrl+6", "Designs compared on this book"),
    Action("view.reset_layout", "Reset layout", "View", "",
           "Put the docks of this perspective back in their places"),
    Action("help.guide", "Guide", "Help", "Shift+F1",
           "The user guide, the glossary and the keys"),
    Action("help.tour", "Guided tour", "Help", "",
           "The parts of the window, pointed out one by one"),
    Action("help.palette", "Command palette…", "Help", "Ctrl+Shift+P",
           "Find and run any command by name"),
    Action("help.coverage", "Rule coverage…", "Help", "",
           "Every paragraph of the rules: computed by which function, or why not"),
    Action("help.about", "About Crossmargin", "Help", "", "Versions, licences and marks"),
)
