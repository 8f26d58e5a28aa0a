"""Client files of many hands: each is read right, or one sentence says what to do."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.importers.books import held, positions, said, text

HEAD = ("Account", "Symbol", "Quantity", "Price")


def prices(read):
    return [None if p.price is None else float(p.price) for p in read.book.positions]


def test_an_option_whose_quantity_is_the_sum_of_those_above_is_no_total(tmp_path):
    read = text(tmp_path, "Account,Underlying,Expiration,Strike,Type,Quantity,Price\n"
                "A,SPY,2026-12-18,700,Call,1,10\nA,SPY,2026-12-18,705,Call,2,9\n"
                "A,SPY,2026-12-18,710,Call,3,8\n")
    assert [quantity for _, _, quantity in held(read)] == [1, 2, 3]


def test_error_cells_of_a_workbook_are_named(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "AAPL", 100, "#N/A"), ("A", "IBM", "#REF!", 200),
                     ("A", "KO", 10, 60))
    assert [symbol for _, symbol, _ in held(read)] == ["KO"]
    assert "price in Positions!D2: the cell holds the error #N/A" in said(read, "error")
    assert "quantity in Positions!C3: the cell holds the error #REF!" in said(read, "error")


@pytest.mark.parametrize("headers", ["TD Quantity,SD Quantity", "SD Quantity,TD Quantity",
                                     "Settle Date Quantity,Trade Date Quantity"])
def test_the_quantity_of_the_trade_date_counts(tmp_path, headers):
    figures = "100,80" if headers.startswith("T") else "80,100"
    read = text(tmp_path, f"Account,Symbol,{headers},Price\nA,AAPL,{figures},250\n")
    assert held(read) == [("A", "AAPL", 100)]
    assert "columns kept as extras: S" in said(read)


@pytest.mark.parametrize(("said_as", "maturity", "coupon"), [
    ("US TREASURY N/B 4.25% 11/15/34", "2034-11-15", "0.0425"),
    ("T 4 3/8 05/15/34", "2034-05-15", "0.04375"), ("UST BILL 02/25/27", "2027-02-25", None)])
def test_treasuries_by_description_alone(tmp_path, said_as, maturity, coupon):
    read = text(tmp_path, f"Account,Description,Face,Price\nA,{said_as},1000000,99.5\n")
    (position,) = read.book.positions
    terms = position.instrument.bond
    assert position.instrument.asset_class == "treasury"
    assert position.value == 995_000
    assert terms.maturity.isoformat() == maturity
    assert terms.coupon == (None if coupon is None else Decimal(coupon))


@pytest.mark.parametrize("content", [
    "Cuenta;Valor;Cantidad;Precio;Divisa\nC;SAN;1.000;4,55;EUR\nSuma;;1.000;;\n",
    "Conto;Titolo;Quantità;Prezzo;Divisa\nC;SAN;1.000;4,55;EUR\nTotale;;1.000;;\n",
    "Conta;Ativo;Quantidade;Preço;Moeda\nC;SAN;1.000;4,55;EUR\n",
    "Rekening;Symbool;Aantal;Koers;Munt\nC;SAN;1.000;4,55;EUR\n",
    "口座;銘柄コード;数量;単価;通貨\nC;SAN;1000;4.55;EUR\n合計;;1000;;\n",
    "账户;证券代码;数量;价格;币种\nC;SAN;1000;4.55;EUR\n"])
def test_headers_and_totals_of_other_languages(tmp_path, content):
    read = text(tmp_path, content)
    assert held(read) == [("C", "SAN", 1000)]
    assert prices(read) == [4.55]
    assert all(total.agrees for total in read.control_totals)


def test_options_with_german_headers_and_months(tmp_path):
    read = text(tmp_path, "Konto;Basiswert;Verfall;Basispreis;Typ;Anzahl;Kurs\n"
                "K;SAP;18.12.2026;180;Call;10;5,5\nK;SAP;18. Dez 2026;170,5;Put;-10;3,25\n")
    terms = [p.instrument.option for p in read.book.positions]
    assert [(t.right, t.strike, t.expiry.isoformat()) for t in terms] == [
        ("C", 180, "2026-12-18"), ("P", Decimal("170.5"), "2026-12-18")]


def test_a_month_as_an_options_expiry_is_said(tmp_path):
    read = text(tmp_path, "Account,Underlying,Expiration,Strike,Type,Quantity,Price\n"
                "A,SPY,Dec-26,700,Call,1,10\n")
    assert "names a month; its last day was taken" in said(read, "warning")


def test_long_short_and_net_must_agree(tmp_path):
    read = text(tmp_path, "Account,Symbol,Long,Short,Net,Price\nF,ESZ6,5,2,3,6000\n"
                "F,CLF27,0,4,4,70\nF,GCZ6,1,1,5,4000\n")
    assert held(read) == [("F", "ESZ6", 3), ("F", "CLF27", -4)]
    assert "quantity 5 contradicts 1 long and 1 short" in said(read, "error")


def test_trades_of_the_day_beside_a_net_position_are_no_contradiction(tmp_path):
    read = text(tmp_path, "Account,Symbol,Net Position,Settle,Bought,Sold\nF,ESZ6,7,6000,3,1\n")
    assert held(read) == [("F", "ESZ6", 7)]


def test_kinds_of_securities_in_other_languages(tmp_path):
    read = text(tmp_path, "Konto;Typ;Wertpapier;Stück;Kurs\nK;Aktie;SAP;10;180,5\n"
                "K;Anleihe;DE0001102580;1000;98,5\n")
    assert [p.instrument.asset_class for p in read.book.positions] == ["equity", "corporate_bond"]


def test_long_and_short_below_a_merged_header(tmp_path):
    read = positions(tmp_path, ("Instrument", "Position", None, "Price"),
                     (None, "Long", "Short", "Local"), ("AAPL", 100, None, 250),
                     ("MSFT", None, 40, 400))
    assert [(s, q) for _, s, q in held(read)] == [("AAPL", 100), ("MSFT", -40)]
    assert prices(read) == [250, 400]


def test_buy_and_sell_quantities(tmp_path):
    read = text(tmp_path, "Account,Symbol,Buy Qty,Sell Qty,Price\nF,ESZ6,3,0,6000\n"
                "F,CLF27,0,4,70\n")
    assert held(read) == [("F", "ESZ6", 3), ("F", "CLF27", -4)]


def test_a_currency_beside_its_rate_is_not_multiplied_by_it(tmp_path):
    read = text(tmp_path, "Account,Symbol,Quantity,Price,Currency\nA,EUR,1000,1.10,EUR\n"
                "A,AAPL,10,250,USD\n")
    assert [(line.currency, line.amount) for line in read.cash] == [("EUR", 1000)]
    assert "read as an exchange rate" in said(read)


def test_marks_beside_the_figures_name_the_currency(tmp_path):
    read = text(tmp_path, 'Account,Symbol,Quantity,Price\nA,SAP,5,"€200.25"\nA,IBM,5,$200\n')
    assert [p.instrument.currency for p in read.book.positions] == ["EUR", "USD"]
    assert "currencies were taken from the marks" in said(read, "warning")


def test_a_point_that_groups_no_thousands_is_a_fault_beside_decimal_commas(tmp_path):
    read = text(tmp_path, "Account;Symbol;Quantity;Price\nA;AAPL;5;250.5\nA;IBM;5;200,25\n"
                "A;KO;5;60,75\n")
    assert [symbol for _, symbol, _ in held(read)] == ["IBM", "KO"]
    assert "“250.5” is not a number" in said(read, "error")


def test_reuters_codes_of_us_shares_are_their_tickers(tmp_path):
    read = text(tmp_path, "Account,RIC,Quantity,Price\nA,AAPL.OQ,10,250\nA,IBM.N,20,200\n"
                "A,BRK.B,1,500\n")
    assert [symbol for _, symbol, _ in held(read)] == ["AAPL", "IBM", "BRK.B"]


def test_options_on_a_code_of_futures_are_doubted(tmp_path):
    read = text(tmp_path, "Account,Underlying,Expiry,Strike,P/C,Quantity,Price\n"
                "F,ZC,2026-12-26,450,C,10,12.5\n")
    assert "a futures contract has the same code" in said(read, "warning")


def test_headers_with_currency_and_thousands(tmp_path):
    read = text(tmp_path, "Account,Symbol,Quantity,Price US$,MV ($000)\nA,AAPL,1000,250,250\n")
    assert prices(read) == [250]
    assert [total.agrees for total in read.control_totals] == [True, True]


def test_an_isin_with_a_wrong_check_digit_is_called_so(tmp_path):
    read = text(tmp_path, "Account,ISIN,Quantity,Price\nA,US0378331006,10,250\n"
                "A,US0378331005,3,60\n")
    assert "its check digit is wrong" in said(read, "error")
