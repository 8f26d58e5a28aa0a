"""What is said of futures books: parts of contracts, account types, exact codes, XML positions."""

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.importers.books import positions, said, text
from workstation.base.problem import UnusableInputError

SPAN = ("acctId,acctType,isCust,seg,currency,ec,cc,exch,pfCode,pfType,pe,undPe,o,k,net\n"
        "A,{type},{cust},{seg},USD,XMC,EQX,XMX,EQ,FUT,202609,,,,{net}\n")


def opened(tmp_path, **given):
    values = {"type": "S", "cust": "1", "seg": "CUST", "net": "3", **given}
    return text(tmp_path, SPAN.format(**values))


@pytest.mark.parametrize(("given", "profile"), [
    ({"type": "S"}, "hrp"), ({"type": "R"}, "hrp"), ({"type": "H"}, "non_hrp"),
    ({"type": "X"}, "non_hrp"), ({"type": "M"}, "member"), ({"type": "F"}, "house"),
    ({"type": "O"}, "O"), ({"type": "Q"}, "Q"), ({"type": ""}, ""),
    ({"type": "S", "seg": "HOUS"}, "house"), ({"type": "S", "cust": "0"}, "house")])
def test_account_types_of_clearing_files_are_risk_profiles(tmp_path, given, profile):
    account = opened(tmp_path, **given).book.account("A")
    assert account.risk_profile == profile


def test_a_part_of_a_contract_is_named_and_kept(tmp_path):
    read = opened(tmp_path, net="2.5")
    assert "not a whole number of contracts, margined pro rata: 2.5 EQU26" in said(read, "warning")
    assert [float(u.position.quantity) for u in read.book.unsized] == [2.5]
    assert "whole number" not in said(opened(tmp_path))


@pytest.mark.parametrize(("profile", "named"), [
    ("aggressive", True), ("hrp", False), ("NON_HRP", False), ("house", False), ("", False)])
def test_a_risk_profile_nobody_knows_is_named(tmp_path, profile, named):
    read = positions(
        tmp_path, ["account_id", "symbol", "quantity", "price"], ["F", "ESU6", 1, 6500],
        Accounts=[["account_id", "account_type", "risk_profile"], ["F", "futures", profile]])
    assert read.book.account("F").risk_profile.casefold() == profile.casefold()
    assert (f"“{profile}” is none we know, taken as heightened" in said(read, "warning")) == named


def test_exact_codes_stay_beside_the_fields_read_from_them(tmp_path):
    read = text(tmp_path, SPAN.format(type="S", cust="1", seg="CUST", net="3").replace(
        "EQ,FUT,202609,,,", "EQO,OOF,202607W3,202609,P,6450"))
    position = read.book.unsized[0].position
    extras = dict(position.extras)
    assert (extras["pe"], extras["pfCode"], extras["undPe"]) == ("202607W3", "EQO", "202609")
    assert (position.instrument.expiry.year, position.instrument.expiry.month) == (2026, 7)


POS = """<?xml version="1.0"?>
<posFile><pointInTime><date>20260615</date>
<portfolio><acctId>A</acctId><acctType>H</acctType><seg>CUST</seg><currency>USD</currency>
<ledgerBal>1000.50</ledgerBal><ote>-200</ote><securities>75</securities>
<ecPort><ec>XMC</ec><ccPort><cc>EQX</cc>
<np><exch>XMX</exch><pfCode>EQO</pfCode><pfType>OOF</pfType><pe>202607W3</pe><undPe>202609</undPe>
<o>P</o><k>6450</k><net>-2</net></np>
<gp><exch>XMX</exch><pfCode>EQ</pfCode><pfType>FUT</pfType><pe>202609</pe><long>5</long>
<short>3</short></gp></ccPort></ecPort></portfolio></pointInTime></posFile>
"""


def test_xml_positions_open_as_a_book(tmp_path):
    read = text(tmp_path, POS, "client.pos", as_of=None)
    assert (read.kind, read.as_of) == ("span position xml", date(2026, 6, 15))
    account = read.book.account("A")
    assert (account.account_type, account.risk_profile, account.cash) == (
        "futures", "non_hrp", Decimal("800.50"))
    assert [(u.position.where, float(u.position.quantity)) for u in read.book.unsized] == [
        ("client.pos!A6", -2), ("client.pos!A8", 5), ("client.pos!A9", -3)]
    assert dict(read.book.unsized[0].position.extras)["pe"] == "202607W3"
    assert "securities on deposit of 75" in said(read, "warning")


def test_xml_positions_without_money_state_no_cash(tmp_path):
    read = text(tmp_path, POS.replace("1000.50", "0.00").replace("-200", "0"), "client.pos")
    assert not read.book.account("A").cash_stated


def test_xml_positions_cut_short_are_read_as_far_as_they_go(tmp_path):
    read = text(tmp_path, POS[:POS.index("<gp>")], "client.pos")
    assert [float(u.position.quantity) for u in read.book.unsized] == [-2]
    assert read.outcome == "partial"
    assert "the XML breaks off" in said(read, "error")


def test_xml_positions_with_entities_are_refused(tmp_path):
    bad = POS.replace("<posFile>", '<!DOCTYPE posFile [<!ENTITY a "b">]><posFile>')
    with pytest.raises(UnusableInputError, match="document type or entities"):
        text(tmp_path, bad, "client.pos")


def test_risk_parameters_are_no_book(tmp_path):
    with pytest.raises(UnusableInputError, match="risk parameters, not positions"):
        text(tmp_path, "<spanFile><pointInTime/></spanFile>", "x.spn")
