"""A margin call as a message: the content of ISO 20022 colr.003 as XML, and the same as JSON.

Elements, their order, lengths and codes are those of MarginCallRequestV05 (colr.003.001.05). Party
A takes the collateral, party B gives it. ISO's schema is not shipped; a test holds the message to
its structure.
"""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

from workstation.base.wording import regime_words
from workstation.reports.margin_documents import Document, number
from workstation.results.notice import Notice

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:colr.003.001.05"
EXPOSURES = {"futures": "FUTR", "foreign_futures": "FUTR", "cleared_swaps": "CCPC",
             "uncleared_swaps": "OTCD", "sbs": "OTCD"}
FRACTION = Decimal("0.01")
LONGEST, AGREEMENT, ID = 210, 140, 35
NOT_NAMED = "not named"
LEI_ISSUER, LEI, NAME = "GLEIF", "LEI", "NAME"


def notice_xml(notice: Notice) -> bytes:
    """Return the margin call request as XML."""
    root = ElementTree.Element("Document", {"xmlns": NAMESPACE})
    request = ElementTree.SubElement(root, "MrgnCallReq")
    _text(request, "TxId", notice.reference, ID)
    _obligation(request, notice)
    _agreement(request, notice)
    result = _inside(request, "MrgnCallRslt", "MrgnCallRslt", "MrgnCallAmt")
    _amount(result, "DueToPtyA", notice.called, notice.currency)
    _text(result, "AddtlInf", f"{notice.test} call under {regime_words(notice.regime)}, "
          f"due {notice.due}; {notice.citation}", LONGEST)
    due = ElementTree.SubElement(request, "MrgnDtlsDueToA")
    _amount(due, "XpsdAmtPtyA", max(Decimal(0), notice.deficiency), notice.currency)
    _terms(due, notice)
    _amount(ElementTree.SubElement(due, "CollBal"), "TtlColl", max(Decimal(0), notice.equity),
            notice.currency)
    wanted = _inside(request, "RqrmntDtlsDueToA", "MrgnRqrmnt", "VartnMrgnRqrmnt")
    _amount(wanted, "DlvrMrgnAmt", notice.called, notice.currency)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _obligation(request: ElementTree.Element, notice: Notice) -> None:
    obligation = ElementTree.SubElement(request, "Oblgtn")
    _party(obligation, "PtyA", notice.firm, notice.firm_lei, notice.firm)
    _party(obligation, "PtyB", notice.client, notice.client_lei, notice.firm)
    _text(ElementTree.SubElement(obligation, "CollAcctId"), "Id", notice.account_id, ID)
    if notice.account_type in EXPOSURES:
        _text(obligation, "XpsrTp", EXPOSURES[notice.account_type])
    _text(ElementTree.SubElement(obligation, "ValtnDt"), "Dt", notice.as_of.isoformat())


def _party(obligation: ElementTree.Element, tag: str, name: str, lei: str, issuer: str) -> None:
    """Identify a party by its LEI, else by its name in the carrying firm's books.

    The schema's name and address would need a postal address, which no position file holds.
    """
    party = _inside(obligation, tag, "PrtryId")
    _text(party, "Id", lei or name, ID)
    _text(party, "Issr", LEI_ISSUER if lei else issuer, ID)
    _text(party, "SchmeNm", LEI if lei else NAME)


def _agreement(request: ElementTree.Element, notice: Notice) -> None:
    """State the agreement where its date is known as well: the schema wants both."""
    terms = notice.terms
    if not terms.agreement or terms.agreement_date is None:
        return
    agreement = ElementTree.SubElement(request, "Agrmt")
    _text(agreement, "AgrmtDtls", terms.agreement, AGREEMENT)
    _text(agreement, "AgrmtDt", terms.agreement_date.isoformat())
    _text(agreement, "BaseCcy", notice.currency)


def _terms(parent: ElementTree.Element, notice: Notice) -> None:
    terms = notice.terms
    if terms.minimum_transfer is None and terms.rounding is None and terms.threshold is None:
        return
    margin = _inside(parent, "MrgnTerms", "MrgnDtls", "VartnMrgn")
    _amount(margin, "ThrshldAmt", terms.threshold or Decimal(0), notice.currency)
    _text(margin, "ThrshldTp", "UNSE")
    _amount(margin, "MinTrfAmt", terms.minimum_transfer or Decimal(0), notice.currency)
    _amount(margin, "RndgAmt", terms.rounding or Decimal(0), notice.currency)
    _text(margin, "RndgMtd", "DRUP" if terms.rounding else "NONE")


def _inside(parent: ElementTree.Element, *tags: str) -> ElementTree.Element:
    for tag in tags:
        parent = ElementTree.SubElement(parent, tag)
    return parent


def _text(parent: ElementTree.Element, tag: str, text: str, most: int = LONGEST) -> None:
    """Add a text of 1 to `most` characters, without those XML cannot hold."""
    plain = "".join(c for c in text if c.isprintable()).strip()[:most].strip()
    ElementTree.SubElement(parent, tag).text = plain or NOT_NAMED


def _amount(parent: ElementTree.Element, tag: str, amount: Decimal, currency: str) -> None:
    ElementTree.SubElement(parent, tag, {"Ccy": currency}).text = f"{amount.quantize(FRACTION)}"


def notice_document(notice: Notice) -> Document:
    """Return the call with its working (`crossmargin.notice/1`), amounts not rounded."""
    terms = notice.terms
    return {
        "schema": "crossmargin.notice/1", "message": "colr.003.001.05",
        "reference": notice.reference, "as_of": notice.as_of.isoformat(),
        "product_version": notice.product_version, "inputs_sha256": notice.inputs_sha256,
        "party_a": notice.firm, "party_a_lei": notice.firm_lei or None,
        "party_b": notice.client, "party_b_lei": notice.client_lei or None,
        "account_id": notice.account_id, "account_type": notice.account_type,
        "currency": notice.currency, "test": notice.test, "regime": notice.regime,
        "citation": notice.citation,
        "equity": number(notice.equity), "required": number(notice.required),
        "deficiency": number(notice.deficiency),
        "working": [{"label": line.label, "amount": number(line.amount), "note": line.note}
                    for line in notice.lines],
        "called": number(notice.called), "due": notice.due.isoformat(),
        "due_basis": notice.due_basis, "due_citation": notice.due_citation,
        "due_counted": notice.due_counted,
        "may_be_met_with": list(notice.takes), "rights": notice.rights,
        "terms": {"threshold": number(terms.threshold),
                  "minimum_transfer": number(terms.minimum_transfer),
                  "rounding": number(terms.rounding),
                  "rounding_method": "up" if terms.rounding else None,
                  "delivery": terms.delivery, "cut_off": terms.cut_off,
                  "agreement": terms.agreement,
                  "agreement_date": terms.agreement_date and terms.agreement_date.isoformat(),
                  "contact": terms.contact},
    }
