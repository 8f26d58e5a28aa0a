"""What is said of futures books: parts of contracts, account types, exact codes."""

import pytest

from tests.unit.importers.books import positions, said, text

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
