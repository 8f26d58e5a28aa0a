"""A small invented client, and a session that answers at once, for tests of the window."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QThreadPool

from workstation.base.explain import Citation, leaf, total
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import silent
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.positions import Position
from workstation.cascade.result import CascadeCall, CascadeResult, CascadeStep
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.harmonised.design import shipped
from workstation.harmonised.result import DesignMargin
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.market.market import Market, Underlying
from workstation.measures.requirement import AccountMargin, Offset, summed
from workstation.offsets.bridge import Bridge, BridgeStep
from workstation.results.run import DesignOutcome, EditionUsed, InputFile, Run, StandAlone
from workstation.ui.copying import release_clipboard
from workstation.workspace.branch_terms import Terms
from workstation.workspace.review import Stress
from workstation.workspace.settings import Settings

HERE = Path(__file__).parent
D = Decimal
SHARE = D("0.25")
CITE = Citation("Invented rule", "(a)(1)", "2026-01-01")
DOUBTFUL = Citation("Invented rule", "(b)(2)", "2026-01-01", "unverified")
ACCOUNTS = (
    Account("PB-1", AccountType.REG_T, "Long short", "Prime One"),
    Account("PM-2", AccountType.PORTFOLIO_MARGIN, "Portfolio margin", "Prime One"),
    Account("FCM-1", AccountType.FUTURES, "Futures", "Carrier Two", risk_profile="hrp"),
    Account("CV-1", AccountType.CRYPTO_VENUE, "Perpetuals", "Venue Three", venue="derive"),
)


def pytest_collection_modifyitems(items):
    """What the offscreen platform says of sizes and tool tips means nothing."""
    harmless = pytest.mark.qt_log_ignore("plugin does not support (propagateSizeHints|raise)",
                                         extend=True)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(harmless)


def position(row, account, symbol, asset_class, quantity, price, multiplier=1, terms=None,
             underlying=""):
    """One invented position."""
    instrument = Instrument(symbol, asset_class, underlying or symbol, multiplier=D(multiplier),
                            terms=terms, description=f"{symbol}, invented")
    return Position(account, instrument, D(quantity), None if price is None else D(price),
                    f"Positions!A{row}")


def book():
    """Twelve positions in four accounts; one cannot be margined, one has no price."""
    call = OptionTerms("C", D(270), date(2026, 12, 18))
    put = OptionTerms("P", D(6600), date(2026, 12, 18), "european", "cash")
    option, future = AssetClass.LISTED_OPTION, AssetClass.FUTURE
    rows = (
        position(2, "PB-1", "AAPL", AssetClass.EQUITY, 12500, "268.40"),
        position(3, "PB-1", "MSFT", AssetClass.EQUITY, -4000, "512.10"),
        position(4, "PB-1", "AAPL  261218C00270000", option, -50, "9.35", 100, call, "AAPL"),
        position(5, "PB-1", "XYZ", AssetClass.CONVERTIBLE, 300, None),
        position(6, "PM-2", "SPX   261218P06600000", option, 40, "112.50", 100, put, "SPX"),
        position(7, "PM-2", "SPY", AssetClass.ETF, -8000, "668.20"),
        position(8, "PM-2", "IBIT", AssetClass.ETP, 40000, "52.15"),
        position(9, "FCM-1", "ESZ6", future, -18, "6701.25", 50,
                 FutureTerms("ES", date(2026, 12, 18)), "SPX"),
        position(10, "FCM-1", "ZNZ6", future, 120, "112.50", 1000,
                 FutureTerms("ZN", date(2026, 12, 21)), "UST-10Y"),
        position(11, "FCM-1", "BTCX6", future, -12, "91240", 5,
                 FutureTerms("BTC", date(2026, 11, 27)), "BTC"),
        position(12, "CV-1", "BTC-PERPETUAL", AssetClass.PERPETUAL, "-35.5", "91100.5", 1, None,
                 "BTC"),
        position(13, "CV-1", "USDC", AssetClass.STABLECOIN, 1500000, "1.0001"),
    )
    market = Market({s: Underlying(s, D(p)) for s, p in
                     (("AAPL", "268.40"), ("SPX", "6690.1"), ("BTC", "91000"))})
    return Book("Quayside Test LP", date(2026, 11, 13), ACCOUNTS, rows, market)


def run_of(a_book, designs, inputs=()):
    """A review by invented arithmetic: every position asks for a quarter of its value."""
    excluded = tuple(
        Exclusion(p.where, f"{p.instrument.symbol}: convertible bonds without a price",
                  "fill in the price column", p.account_id)
        for p in a_book.positions if p.price is None)
    margins = tuple(_account(a, a_book, excluded) for a in a_book.accounts)
    silos = summed("silos", "USD", margins)
    alone = tuple(StandAlone(p.where, p.account_id, None if p.price is None
                             else abs(p.value) * SHARE) for p in a_book.positions)
    outcomes = tuple(_outcome(d, silos, alone) for d in designs)
    return Run(
        "0.1.0", "reference", a_book.as_of, "USD", tuple(inputs),
        (EditionUsed("Invented rule", "2026-01-01", date(2026, 1, 1), "invented for tests",
                     ("short_fraction",)),),
        a_book, alone, silos, outcomes, _collateral(), _cascade(),
        (Problem("Positions!G5", "XYZ has no price", "fill in the price column", "error"),
         Problem("Market!A1", "no volatility for IBIT", "", "info")),
    )


def _account(account, a_book, excluded):
    leaves = [leaf(f"{p.instrument.symbol} {p.where}", abs(p.value) * SHARE,
                   DOUBTFUL if account.account_id == "CV-1" else CITE,
                   market_value=f"{p.value:,.2f}", share="25 %")
              for p in a_book.of_account(account.account_id) if p.price is not None]
    tree = total(f"Requirement of {account.account_id}", *leaves, cite=CITE)
    initial = total(f"Initial requirement of {account.account_id}", tree,
                    leaf("initial buffer", D(1000), CITE))
    offsets = (Offset("hedge", ("AAPL", "MSFT"), "denied", "different underlyings", D(0),
                      (account.account_id,), "class", (("correlation", "0.41"),), D(25000),
                      "a stable correlation above 0.70"),)
    return AccountMargin(account.account_id, "invented", "USD", initial, tree, tree.amount,
                         tree.amount, offsets,
                         tuple(e for e in excluded if e.account_id == account.account_id))


def _outcome(design, silos, alone):
    buffer = design.number("buffer.rate")
    factor = D("1") if design.repeats_silos else D("0.80") + buffer / 10
    alone_total = sum((a.amount for a in alone if a.amount is not None), D(0))
    amount = silos.maintenance.amount * factor
    saved = amount - silos.maintenance.amount
    ledger = (
        Offset("same underlying", ("SPX options", "ES futures"), "granted",
               "same index, stable under stress", saved, ("PM-2", "FCM-1"), "underlying",
               (("rho", "0.99"), ("rho stress", "0.97")), D(0), ""),
        Offset("cross asset", ("BTC futures", "BTC perpetual"), "denied",
               "no programme lets margin cross", D(0), ("FCM-1", "CV-1"), "group",
               (("rho", "0.98"),), D(250000), "a cross-margin programme"),
    )
    return DesignOutcome(
        DesignMargin(design.name, design.title, design.version, design.status, design.citation,
                     "USD", leaf(f"Requirement of {design.name}", amount, CITE), ledger,
                     silos.excluded),
        Bridge(design.name, alone_total, silos.maintenance.amount - alone_total,
               silos.maintenance.amount,
               (BridgeStep("same underlying across silos", saved, "SPX"),), amount),
        ledger)


def _collateral():
    states = ((LotState.FREE, D(4000)), (LotState.PLEDGED, D(6000)))
    lot = LotReport("L1", "PB-1", "UST 4.25 2034", "treasury", "Custodian One", D(10000),
                    D(9876500), D("0.02"), "file", CITE, states, D(3871588), 1,
                    ("Prime One",), "Collateral!A2")
    return CollateralReport("USD", (lot,), ((LotState.FREE, D(3950600)),
                                           (LotState.PLEDGED, D(5925900))),
                            D(3871588), ((0, D(0)), (1, D(3871588))), D("0.6"))


def _cascade():
    steps = tuple(CascadeStep(i, (1 - 0.02 * i, 1 - 0.05 * i), (5e6 - 1e6 * i, 3e6),
                              (1e5 * i, 0.0), (0.1 * i, 0.0), (100.0 * i, 3.0 * i))
                  for i in range(4))
    return CascadeResult("equilibrium", "2020-03-12 Covid A", ("SPX", "BTC"),
                         ("client", "dealer"), steps, D(2000000), D(2600000), D("1.3"), (),
                         (CascadeCall(1, "client", D(4000000), D(4100000), D(100000),
                                      D("0.1"), "sale"),),
                         ("SPX falls", "the client is called"), (("cash", 0.0),),
                         ("prices recover nothing",))


class InstantSession:
    """Stands in for a session: the same attributes, answers by invented arithmetic."""

    def __init__(self, a_book=None):
        self.mapping, self.inputs = "", ()
        self.book = a_book or book()
        self.active, self.branches = "base", ()
        self.base_run, self.compared_with, self.margin_histories = None, None, None
        self.design_versions = ()
        self.margin_histories = None
        self.designs = tuple(shipped().values())
        self.input_problems = (Problem("Positions!K1", "the column “Note” is kept but not used",
                                       "", "info"),)
        self.run = None
        self.stress = Stress()
        self.project_path = None
        self.risk_files = ()
        self.audit = ()
        self.locked = ""
        self.saved = []

    @property
    def problems(self):
        return (*self.input_problems, *self.book.problems)

    def use_risk_files(self, files):
        self.risk_files = tuple(files)

    def review(self, progress=silent):
        progress(0.5, "Computing")
        answer = run_of(self.book, self.designs, (InputFile("quayside.xlsx", "00" * 32),))
        named = f"{self.stress.scenario} x {self.stress.multiplier:g}"
        return replace(answer, cascade=replace(answer.cascade, scenario=named))

    def terms(self):
        return Terms(self.book.as_of, self.designs)

    def rule_set(self):
        return self.terms().rules()

    def position(self, where):
        return next(p for p in self.book.positions if p.where == where)

    def replace_position(self, changed):
        self.book = self.book.with_position(changed)

    def replace_positions(self, changed):
        for one in changed:
            self.replace_position(one)

    def replace_market(self, market):
        self.book = replace(self.book, market=market)

    def design(self, name):
        return next(d for d in self.designs if d.name == name)

    def replace_design(self, changed):
        self.designs = tuple(changed if d.name == changed.name else d for d in self.designs)

    def save(self, path=None):
        target = path or self.project_path
        if target.parent.name == "full":
            raise UnusableInputError(Problem(str(target), "the disk is full", "free some space"))
        self.project_path = target
        self.saved.append((target, self.book, self.run))
        return target


class SlowSession(InstantSession):
    """Computes when told to, and only as far as it is not cancelled."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()
        self.started = threading.Event()

    def review(self, progress=silent):
        asked = self.book
        self.started.set()
        while not self.go.wait(0.005):
            progress(0.3, "waiting")
        answer = super().review(progress)
        assert answer.book is asked
        return answer


class Answers:
    """Answers the window's questions in place of the analyst."""

    def __init__(self, folder):
        self.folder_given = folder
        self.open_given = None
        self.load_given = []
        self.save_given = folder / "review.crossmargin"
        self.password_given = ""
        self.decision_given = ("Ann Maker", "")
        self.pack_given = {}
        self.leaving = "discard"
        self.agrees = True
        self.asked = []

    def file_to_open(self):
        self.asked.append("open")
        return self.open_given

    def files_to_load(self, title, kinds):
        self.asked.append(title)
        return self.load_given

    def file_to_save(self, title, start, kinds):
        self.asked.append(title)
        return self.save_given

    def pack(self):
        from workstation.ui.export_dialog import ExportChoice

        return ExportChoice(self.folder_given, **self.pack_given)

    def decision(self, title):
        return self.decision_given

    def password(self, name):
        self.asked.append("password")
        return self.password_given

    def agree(self, title, words):
        self.asked.append(title)
        return self.agrees

    def unsaved(self, name):
        self.asked.append("unsaved")
        return self.leaving


@pytest.fixture
def session():
    return InstantSession()


@pytest.fixture
def run(session):
    return session.review()


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings")


@pytest.fixture
def window(qtbot, settings, tmp_path):
    """The window, shown, with an analyst who discards changes."""
    from workstation.ui.main_window import MainWindow

    made = MainWindow(settings)
    made.opening.asking = Answers(tmp_path)
    qtbot.addWidget(made, before_close_func=lambda w: w.desk.stack.clear())
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def desk_window(window, session, qtbot):
    """The window with the invented client open and computed."""
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.desk.adopt(session)
    return window


@pytest.fixture(autouse=True)
def _no_thread_outlives_test():
    yield
    assert QThreadPool.globalInstance().waitForDone(2000)


def changed(a_book, where, **fields):
    """The book with one position changed."""
    old = next(p for p in a_book.positions if p.where == where)
    return a_book.with_position(replace(old, **fields))


def headline(window):
    """The amounts of the window's headline, as shown."""
    return [button.figure.amount for button in window.headline.buttons]


SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "books"


@pytest.fixture(scope="session", autouse=True)
def clipboard_released(qapp):
    """Leave nothing of Python's in Qt when the interpreter ends."""
    yield
    release_clipboard()
