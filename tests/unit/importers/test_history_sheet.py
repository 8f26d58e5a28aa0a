"""The History sheet: what is odd about it is said with its cell, and nothing is guessed."""

from datetime import date, datetime, time, timedelta

import pytest

from workstation.importers import import_file

FIRST = date(2025, 1, 6)
DAYS = [d for i in range(560) if (d := FIRST + timedelta(i)).weekday() < 5]
ROWS = [(d, 5000.0 + 3 * i, 18_000.0 + 11 * i) for i, d in enumerate(DAYS)]
SHEETS = {
    "Accounts": [("account_id", "account_type", "cash", "as_of"), ("A", "reg_t", 0, "2026-11-13")],
    "Positions": [("account_id", "symbol", "asset_class", "quantity", "price"),
                  ("A", "SPY", "etf", 100, 500)]}


@pytest.fixture
def read(tmp_path):
    import xlsxwriter

    def done(rows, head=("date", "SPX", "NDX")):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for name, lines in {**SHEETS, "History": [head, *rows]}.items():
                sheet = book.add_worksheet(name)
                for r, line in enumerate(lines):
                    for c, cell in enumerate(line):
                        if isinstance(cell, date):
                            sheet.write_datetime(r, c, datetime.combine(cell, time()), day)
                        elif cell is not None:
                            sheet.write(r, c, cell)
        imported = import_file(path)
        every = dict.fromkeys((*imported.problems, *imported.book.problems))
        return imported.book.market.history, [p for p in every if p.where.startswith("History")]

    return done


def test_a_sound_history_says_nothing(read):
    history, said = read(ROWS)
    assert said == []
    assert history.dates == tuple(DAYS)
    assert history.of("NDX") == tuple(n for *_, n in ROWS)


def test_order_does_not_matter_and_is_said(read):
    history, said = read(ROWS[::-1])
    assert history == read(ROWS)[0]
    assert {(p.where, p.severity) for p in said} == {("History!B1", "info"), ("History!C1", "info")}


def test_a_date_with_two_levels_is_left_out(read):
    history, said = read([*ROWS, (DAYS[40], 1.0, ROWS[40][2])])
    assert history.of("SPX")[40] is None
    assert history.of("NDX")[40] == ROWS[40][2]
    [torn] = [p for p in said if p.severity == "error"]
    assert torn.where == "History!B1"
    assert DAYS[40].isoformat() in torn.what


@pytest.mark.parametrize(("rows", "says"), [
    ([(d, 5000.0, n) for d, _, n in ROWS], "never changes"),
    (ROWS[:100] + ROWS[140:], "1 gap of more than 10 days"),
    (ROWS[:200:5] + ROWS[200:], "mixed frequencies"),
    (ROWS[::5], "only every 7 days"),
    ([(d, s if i != 50 else s * 10, n) for i, (d, s, n) in enumerate(ROWS)], "far from the levels"),
    ([(d, s if i != 50 else "many", n) for i, (d, s, n) in enumerate(ROWS)], "many"),
])
def test_what_is_odd_is_said(read, rows, says):
    _, said = read(rows)
    assert any(says in p.what for p in said), [p.what for p in said]
    assert all(p.remedy for p in said)


def test_a_factor_in_two_columns_keeps_the_first(read):
    history, said = read([(d, s, n, 1.0) for d, s, n in ROWS], ("date", "SPX", "NDX", "SPX"))
    assert history.of("SPX") == tuple(s for _, s, _ in ROWS)
    assert [p.where for p in said] == ["History!D1"]


def test_weekends_of_coins_do_not_part_fridays_from_mondays(read):
    every = [FIRST + timedelta(i) for i in range(560)]
    shares = {d: (s, n) for d, s, n in ROWS}
    rows = [(d, *shares.get(d, (None, None)), 90_000.0 + i) for i, d in enumerate(every)]
    history, said = read(rows, ("date", "SPX", "NDX", "BTC"))
    assert history.dates == tuple(DAYS)
    assert said == []
