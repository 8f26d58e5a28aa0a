"""A folder of books reviewed at once: one failure harms no other."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from decimal import Decimal
from pathlib import Path

import pytest

from workstation.base.problem import UnusableInputError
from workstation.results.league import BookOutcome, DesignFigures, ranked
from workstation.workspace import batch, cluster
from workstation.workspace.batch import Order, orders, review_book, run_locally, settled

GOOD = "Account,Account Type,Symbol,Quantity,Price,As of\nA1,margin,AAPL,100,268.4,2026-11-13\n"
PARTLY = GOOD + "A1,margin,XYZZ6 Comdty,5,1,2026-11-13\n"


@pytest.fixture
def folder(tmp_path):
    books = tmp_path / "books"
    books.mkdir()
    (books / "good.csv").write_text(GOOD)
    (books / "partly.csv").write_text(PARTLY)
    (books / "bad.csv").write_text("Dear all,\nnothing here\n")
    (books / "~$good.xlsx").write_text("lock")
    (books / ".hidden.csv").write_text(GOOD)
    (books / "read me.md").write_text("notes")
    return books


def test_orders_take_books_only_and_number_equal_names(folder, tmp_path):
    (folder / "good.json").write_text("[]")
    wanted, skipped = orders(folder, tmp_path / "out", Order(Path(), Path()))
    assert [order.path.name for order in wanted] == [
        "bad.csv", "good.csv", "good.json", "partly.csv"]
    assert [order.folder.name for order in wanted] == ["bad", "good", "good-2", "partly"]
    assert skipped == ("read me.md", "~$good.xlsx")


def test_a_folder_without_books_is_refused(tmp_path):
    with pytest.raises(UnusableInputError, match="holds no position file"):
        orders(tmp_path, tmp_path, Order(Path(), Path()))
    with pytest.raises(UnusableInputError, match="no such file"):
        orders(tmp_path / "missing", tmp_path, Order(Path(), Path()))


def test_every_book_ends_in_its_own_way_on_processes(folder, tmp_path):
    wanted, _ = orders(folder, tmp_path / "out", Order(
        Path(), Path(), designs=("single-account-scan",)))
    heard = []
    outcomes = {o.file: o for o in run_locally(wanted, heard.append, workers=2)}
    assert {name: o.status for name, o in outcomes.items()} == {
        "bad.csv": "failed", "good.csv": "complete", "partly.csv": "incomplete"}
    assert len(heard) == 3
    assert "no position table was found" in outcomes["bad.csv"].error
    assert outcomes["good.csv"].silos == Decimal("6710")  # 25 % of 26,840, FINRA 4210(c)(1)
    assert (tmp_path / "out" / "good" / "memo.pdf").exists()
    assert outcomes["partly.csv"].excluded == 1


def test_a_book_that_kills_its_process_is_tried_alone_and_named(monkeypatch):
    wanted = tuple(Order(Path(name), Path()) for name in ("a.csv", "b.csv"))
    rounds = []

    def pooled(tried, workers):
        rounds.append([order.path.name for order in tried])
        for order in tried:
            fine = len(rounds) > 1 and order.path.name == "a.csv"
            yield order, BookOutcome(order.path.name, "complete") if fine else None

    monkeypatch.setattr(batch, "_pooled", pooled)
    outcomes = run_locally(wanted, lambda _: None)
    assert rounds == [["a.csv", "b.csv"], ["a.csv"], ["b.csv"]]
    assert [o.status for o in outcomes] == ["complete", "failed"]
    assert "its process ended" in outcomes[1].error


def test_a_fault_of_ours_is_one_failed_book():
    order = Order(Path("x.csv"), Path())
    fault, broken = Future(), Future()
    fault.set_exception(ZeroDivisionError("by zero"))
    broken.set_exception(BrokenProcessPool("gone"))
    assert settled(order, broken) is None
    assert "internal error (ZeroDivisionError: by zero)" in settled(order, fault).error


def test_the_league_is_ranked_by_saving_with_failures_last():
    def book(name, saving):
        return BookOutcome(name, "complete", designs=(
            DesignFigures("d", Decimal(1), Decimal(saving), None),))

    league = ranked("d", [BookOutcome("z", "failed"), book("a", 1), book("b", 5)])
    assert [o.file for o in league.books] == ["b", "a", "z"]


def test_a_parcel_brings_the_pack_back(folder):
    order = Order(folder / "good.csv", Path(), designs=("single-account-scan",))
    outcome, files = cluster.review_parcel(order, GOOD.encode())
    assert outcome.status == "complete"
    assert set(files) >= {"review.json", "review.xlsx", "memo.pdf"}
    assert files["memo.pdf"].startswith(b"%PDF")


def test_without_the_library_a_scheduler_is_a_sentence(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(cluster.importlib, "import_module", missing)
    with pytest.raises(UnusableInputError, match=r"not installed.*pip install"):
        cluster.run_on_cluster((), "tcp://127.0.0.1:1", lambda _: None)


def test_a_saved_review_counts_as_a_book(folder, tmp_path):
    from workstation.workspace.session import Session

    path = tmp_path / "kept.crossmargin"
    Session.from_file(folder / "good.csv").save(path)
    assert review_book(Order(path, tmp_path / "pack")).status == "complete"


def test_a_real_cluster(folder, tmp_path):
    distributed = pytest.importorskip("distributed", reason="the cluster extra is not installed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False,
                                  dashboard_address=None) as local:
        wanted, _ = orders(folder, tmp_path / "out", Order(Path(), Path()))
        outcomes = cluster.run_on_cluster(wanted, local.scheduler_address, lambda _: None)
    assert sorted(o.status for o in outcomes) == ["complete", "failed", "incomplete"]
    assert (tmp_path / "out" / "good" / "review.json").exists()
