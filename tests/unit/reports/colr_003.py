"""The structure of ISO 20022 colr.003.001.05 (MarginCallRequestV05), to hold a message against.

Our own transcription of the published message definition: of each type its elements in order, or
its alternatives; of each text its length; of each code its values. Types a margin-call request
need not use (block-chain wallets, segregated independent amounts) are known by name alone.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:colr.003.001.05"
AMOUNT = "ActiveCurrencyAndAmount"
LENGTHS = {"Max16Text": 16, "Max35Text": 35, "Max70Text": 70, "Max140Text": 140,
           "Max210Text": 210}
CODES = {
    "ThresholdType1Code": {"SECU", "UNSE"},
    "RoundingMethod1Code": {"DRDW", "DRUP", "NONE", "CLSR"},
    "ExposureConventionType1Code": {"GROS", "NET1"},
    "ExposureType11Code": {
        "BFWD", "PAYM", "CBCO", "COMM", "CRDS", "CRTL", "CRSP", "CCIR", "CRPR", "EQPT",
        "EQUS", "EXTD", "EXPT", "FIXI", "FORX", "FORW", "FUTR", "OPTN", "LIQU", "OTCD",
        "RVPO", "SLOA", "SBSC", "SCRP", "SLEB", "SCIR", "SCIE", "SWPT", "TBAS", "TRCP",
        "UDMS", "CCPC", "EQUI", "TRBD", "REPO", "SHSL"},
}
# Elements in order: (name, type, least, most); most None is unbounded.
SEQUENCES = {
    "MarginCallRequestV05": [
        ("TxId", "Max35Text", 1, 1), ("Oblgtn", "Obligation9", 1, 1), ("Agrmt", "Agreement4", 0, 1),
        ("MrgnCallRslt", "MarginCallResult3", 1, 1), ("MrgnDtlsDueToA", "MarginCall1", 0, 1),
        ("MrgnDtlsDueToB", "MarginCall1", 0, 1),
        ("RqrmntDtlsDueToA", "MarginRequirement1Choice", 0, 1),
        ("RqrmntDtlsDueToB", "MarginRequirement1Choice", 0, 1),
        ("XpctdCollDueToA", "ExpectedCollateral2Choice", 0, 1),
        ("XpctdCollDueToB", "ExpectedCollateral2Choice", 0, 1),
        ("MrgnCallDtls", "MarginCall3", 0, None), ("SplmtryData", "SupplementaryData1", 0, None)],
    "Obligation9": [
        ("PtyA", "PartyIdentification178Choice", 1, 1),
        ("SvcgPtyA", "PartyIdentification178Choice", 0, 1),
        ("PtyB", "PartyIdentification178Choice", 1, 1),
        ("SvcgPtyB", "PartyIdentification178Choice", 0, 1),
        ("CollAcctId", "CollateralAccount3", 0, 1),
        ("BlckChainAdrOrWllt", "BlockChainAddressWallet5", 0, 1),
        ("XpsrTp", "ExposureType11Code", 0, 1), ("ValtnDt", "DateAndDateTime2Choice", 1, 1)],
    "GenericIdentification36": [("Id", "Max35Text", 1, 1), ("Issr", "Max35Text", 1, 1),
                                ("SchmeNm", "Max35Text", 0, 1)],
    "NameAndAddress6": [("Nm", "Max70Text", 1, 1), ("Adr", "PostalAddress2", 1, 1)],
    "PostalAddress2": [("StrtNm", "Max70Text", 0, 1), ("PstCdId", "Max16Text", 1, 1),
                       ("TwnNm", "Max35Text", 1, 1), ("CtrySubDvsn", "Max35Text", 0, 1),
                       ("Ctry", "CountryCode", 1, 1)],
    "CollateralAccount3": [("Id", "Max35Text", 1, 1),
                           ("Tp", "CollateralAccountIdentificationType3Choice", 0, 1),
                           ("Nm", "Max70Text", 0, 1)],
    "Agreement4": [("AgrmtDtls", "Max140Text", 1, 1), ("AgrmtId", "Max140Text", 0, 1),
                   ("AgrmtDt", "ISODate", 1, 1), ("BaseCcy", "ActiveCurrencyCode", 1, 1),
                   ("AgrmtFrmwk", "AgreementFramework1Choice", 0, 1)],
    "MarginCallResult3": [("DfltFndAmt", AMOUNT, 0, 1),
                          ("MrgnCallRslt", "MarginCallResult2Choice", 1, 1)],
    "Result1": [("DueToPtyA", AMOUNT, 0, 1), ("DueToPtyB", AMOUNT, 0, 1),
                ("AddtlInf", "Max210Text", 0, 1)],
    "MarginCall1": [
        ("XpsdAmtPtyA", AMOUNT, 0, 1), ("XpsdAmtPtyB", AMOUNT, 0, 1),
        ("XpsrCnvntn", "ExposureConventionType1Code", 0, 1),
        ("IndpdntAmtPtyA", "AggregatedIndependentAmount1", 0, 1),
        ("IndpdntAmtPtyB", "AggregatedIndependentAmount1", 0, 1),
        ("MrgnTerms", "MarginTerms1Choice", 0, 1), ("CollBal", "CollateralBalance1Choice", 0, 1)],
    "Margin1": [("VartnMrgn", "VariationMargin1", 1, 1),
                ("SgrtdIndpdntAmtMrgn", "SegregatedIndependentAmountMargin1", 0, 1)],
    "VariationMargin1": [
        ("ThrshldAmt", AMOUNT, 1, 1), ("ThrshldTp", "ThresholdType1Code", 0, 1),
        ("MinTrfAmt", AMOUNT, 1, 1), ("RndgAmt", AMOUNT, 1, 1),
        ("RndgMtd", "RoundingMethod1Code", 1, 1)],
    "Requirement1": [("VartnMrgnRqrmnt", "MarginRequirement1", 1, 1),
                     ("SgrtdIndpdntAmtRqrmnt", "MarginRequirement1", 0, 1)],
    "MarginRequirement1": [("DlvrMrgnAmt", AMOUNT, 0, 1), ("RtrMrgnAmt", AMOUNT, 0, 1)],
}
CHOICES = {
    "PartyIdentification178Choice": {"AnyBIC": "AnyBICDec2014Identifier",
                                     "NmAndAdr": "NameAndAddress6",
                                     "PrtryId": "GenericIdentification36"},
    "DateAndDateTime2Choice": {"Dt": "ISODate", "DtTm": "ISODateTime"},
    "MarginCallResult2Choice": {"MrgnCallRsltDtls": "MarginCallResult2",
                                "SgrtdIndpdntAmt": "Result1", "MrgnCallAmt": "Result1"},
    "MarginTerms1Choice": {"MrgnDtls": "Margin1",
                           "SgrtdIndpdntAmtMrgn": "SegregatedIndependentAmountMargin1"},
    "CollateralBalance1Choice": {"TtlColl": AMOUNT, "SgrtdIndpdntAmt": "MarginCollateral1",
                                 "CollDtls": "Collateral1"},
    "MarginRequirement1Choice": {"MrgnRqrmnt": "Requirement1",
                                 "SgrtdIndpdntAmtRqrmnt": "MarginRequirement1"},
}


def faults(message):
    """Return what a message has against the structure, as sentences; empty when it is valid."""
    root = ElementTree.fromstring(message)
    if root.tag != f"{{{NAMESPACE}}}Document":
        return [f"the root is {root.tag}"]
    (request,) = root
    if request.tag != f"{{{NAMESPACE}}}MrgnCallReq":
        return [f"the message is {request.tag}"]
    return list(_of_type(request, "MarginCallRequestV05", "MrgnCallReq"))


def _of_type(node, kind, path):
    if kind in SEQUENCES:
        yield from _sequence(node, SEQUENCES[kind], path)
    elif kind in CHOICES:
        yield from _choice(node, CHOICES[kind], path)
    else:
        yield from _simple(node, kind, path)


def _names(node):
    return [part.tag.removeprefix(f"{{{NAMESPACE}}}") for part in node]


def _sequence(node, elements, path):
    names, order = _names(node), [name for name, *_ in elements]
    yield from (f"{path}: {name} is not known here" for name in names if name not in order)
    known = [order.index(name) for name in names if name in order]
    if known != sorted(known):
        yield f"{path}: {', '.join(names)} are not in order"
    for name, kind, least, most in elements:
        parts = [part for part, own in zip(node, names, strict=True) if own == name]
        if len(parts) < least or (most is not None and len(parts) > most):
            yield f"{path}: {name} stands {len(parts)} times"
        for part in parts:
            yield from _of_type(part, kind, f"{path}/{name}")


def _choice(node, kinds, path):
    names = _names(node)
    if len(names) != 1 or names[0] not in kinds:
        yield f"{path}: {names} is not one of {', '.join(kinds)}"
        return
    yield from _of_type(node[0], kinds[names[0]], f"{path}/{names[0]}")


def _simple(node, kind, path):
    text = node.text or ""
    if len(node):
        yield f"{path}: holds elements"
    if kind in LENGTHS and not 1 <= len(text) <= LENGTHS[kind]:
        yield f"{path}: {len(text)} characters"
    elif kind in CODES and text not in CODES[kind]:
        yield f"{path}: {text!r} is no {kind}"
    elif kind == "ActiveCurrencyCode" and not re.fullmatch("[A-Z]{3}", text):
        yield f"{path}: {text!r} is no currency"
    elif kind == "ISODate" and not _is_date(text):
        yield f"{path}: {text!r} is no date"
    elif kind == AMOUNT:
        yield from _amount(node, text, path)
    elif kind not in {*LENGTHS, *CODES, "ActiveCurrencyCode", "ISODate"}:
        yield f"{path}: type {kind} is not transcribed"


def _amount(node, text, path):
    try:
        value = Decimal(text)
    except InvalidOperation:
        yield f"{path}: {text!r} is no amount"
        return
    digits = value.as_tuple()
    if value < 0 or "E" in text.upper() or -digits.exponent > 5 or len(digits.digits) > 18:
        yield f"{path}: {text!r} is no amount"
    if not re.fullmatch("[A-Z]{3}", node.get("Ccy", "")):
        yield f"{path}: currency {node.get('Ccy')!r}"


def _is_date(text):
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
