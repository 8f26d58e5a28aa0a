"""A margin-call notice on paper, with its working and the slip to accept or dispute it."""

from __future__ import annotations

from workstation.base.money import accounting
from workstation.base.wording import regime_words
from workstation.book.what_if import branch_of
from workstation.reports.dossier.blocks import (
    Cell,
    Facts,
    Field,
    Figure,
    Figures,
    Grid,
    Lines,
    Prose,
    Report,
    Section,
    amount_cell,
    text_cell,
)
from workstation.reports.template import Template
from workstation.results.notice import Notice

NOT_AGREED = "not agreed: nothing is taken off or rounded"
NOT_GIVEN = "give it in the template under [call]"


def notice_report(notice: Notice, template: Template) -> Report:
    """Return the notice as a report of one account."""
    return Report(
        title=notice.client, kind="Margin call", subject=f"Account {notice.account_id}, as of "
        f"{notice.as_of}. Reference {notice.reference}.", author=notice.firm or "Crossmargin",
        status="Approved", sections=(_call(notice), _working(notice), _meeting(notice),
                                     _slip(notice)),
        footer=(f"{notice.client} · {notice.account_id} · as of {notice.as_of} · inputs "
                f"{notice.inputs_sha256[:16]} · Crossmargin {notice.product_version}",
                "; ".join(filter(None, (notice.citation, notice.due_citation)))),
        firm=template.firm or notice.firm, logo=template.logo, disclaimer=template.disclaimer,
        currency=notice.currency, what_if=branch_of(notice.client))


def _call(notice: Notice) -> Section:
    return Section("The call", (
        Figures((Figure(f"Called ({notice.currency})", accounting(notice.called, 2),
                        f"{notice.test} call", "denied"),
                 Figure("Due", notice.due.isoformat(), notice.due_basis),
                 Figure(f"Deficiency ({notice.currency})", accounting(notice.deficiency, 2),
                        "before terms of the agreement"))),
        Facts((
            ("From (party A)", notice.firm or "the file names no carrying firm"),
            ("To (party B)", notice.client), ("Account", notice.account_id),
            ("Under", "; ".join(filter(None, (regime_words(notice.regime), notice.citation)))),
            ("Agreement", _agreement(notice))))))


def _agreement(notice: Notice) -> str:
    terms = notice.terms
    signed = f" of {terms.agreement_date}" if terms.agreement_date else ""
    return f"{terms.agreement}{signed}" if terms.agreement else NOT_GIVEN


def _working(notice: Notice) -> Section:
    fields = (Field("Working", 1.4), Field("From", 1.6),
              Field(f"Amount ({notice.currency})", number=True))
    rows: list[tuple[Cell, ...]] = [
        (text_cell(line.label), text_cell(line.note), Cell(accounting(line.amount, 2)))
        for line in notice.lines]
    rows.append((text_cell("Called", bold=True), Cell(""),
                 Cell(accounting(notice.called, 2), bold=True)))
    terms = notice.terms
    said = [f"{name} {accounting(value)}" for name, value in (
        ("threshold", terms.threshold), ("minimum transfer amount", terms.minimum_transfer),
        ("rounding up to multiples of", terms.rounding)) if value is not None]
    return Section("How it is worked out", (
        Grid(fields, tuple(rows), totals=frozenset({len(rows) - 1}), whole=True),
        Prose(f"Terms: {', '.join(said) or NOT_AGREED}.", "note")))


def _meeting(notice: Notice) -> Section:
    terms = notice.terms
    return Section("How it may be met", (
        Facts((
            ("With", ", ".join(notice.takes) or "cash"),
            ("By", f"{notice.due}" + (f", {terms.cut_off}" if terms.cut_off else
                                      "; cut-off: " + NOT_GIVEN)),
            ("Delivery", terms.delivery or NOT_GIVEN),
            ("Contact", terms.contact or "give it in the template (contact)"))),
        Prose(f"Securities count at their value after haircut. {notice.due_counted}", "note"),
        Prose(notice.rights, "note")))


def _slip(notice: Notice) -> Section:
    fields = (Field("Answer", 1.6), Field(f"Amount ({notice.currency})", number=True),
              Field("Reason", 1.4))
    rows = ((text_cell("[  ] accepted in full"), amount_cell(notice.called), Cell("")),
            (text_cell("[  ] accepted in part, the rest disputed"), Cell("____________"),
             text_cell("____________________")),
            (text_cell("[  ] disputed in full"), Cell("____________"),
             text_cell("____________________")))
    return Section("Acknowledgement or dispute", (
        Prose(f"Return with reference {notice.reference}: position, price, haircut or rule in "
              "dispute, and your own figure."),
        Grid(fields, rows, whole=True), Lines((("For party B", "", ""),))))
