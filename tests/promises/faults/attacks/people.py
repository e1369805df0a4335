"""Logins, and the demo's whole good path, under a fault."""

from __future__ import annotations

from collections.abc import Iterator

from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import Books, Record, misbehaviour
from tests.promises.faults.processes import Ended
from tests.promises.faults.scene import NOTHING, Bench, Trial
from tests.promises.faults.sweeps import Outcome

_LOGIN = ("login", "carol", "--register")
_FORGET = ("forget", "bob", "--yes")
_DEMO = ("demo", "--user", "dora", "--purchase", "--seed", "7")


def register_first(bench: Bench, fault: Fault) -> Outcome:
    """The first user of a store that is not there yet."""
    with bench.trial(NOTHING) as trial:
        first = trial.run(*_LOGIN, fault=fault)
        findings = [*misbehaviour(first), *_wrong_login(trial, first, "")]
        again = trial.run(*_LOGIN)
        findings += [*misbehaviour(again), *_wrong_login(trial, again, "nobody else")]
        return Outcome(first.met, findings)


def register_another(bench: Bench, fault: Fault) -> Outcome:
    """Another user of a store where Alice is logged in."""
    with bench.trial() as trial:
        first = trial.run(*_LOGIN, fault=fault)
        findings = [*trial.broken_promises(first), *_wrong_login(trial, first, "alice")]
        again = trial.run(*_LOGIN)
        findings += [*trial.broken_promises(again), *_wrong_login(trial, again, "nobody else")]
        if again.status == 0 and trial.reader.is_alive(bench.scene.logins["alice"]):
            findings.append("the login that was replaced is still good")
        return Outcome(first.met, findings)


def demo(bench: Bench, fault: Fault) -> Outcome:
    """The demo, which logs in, buys what earlier runs left, and a new cart."""
    with bench.trial() as trial:
        first = trial.run(*_DEMO, fault=fault)
        # It tells its tale as it goes: what is printed when it fails is no result.
        told = first if first.status == 0 else first._replace(stdout="")
        findings = [*_wrong_demo(trial, told)]
        again = trial.run(*_DEMO, day="after")
        findings += _wrong_demo(trial, again)
        if again.status:
            findings.append(f"once more: {again}")
        return Outcome(first.met, findings)


def forget(bench: Bench, fault: Fault) -> Outcome:
    """Bob is forgotten: what he bought is there at every moment, and at last nobody's."""
    with bench.trial() as trial:
        before = trial.books()
        first = trial.run(*_FORGET, fault=fault)
        findings = [*_wrong_forgetting(trial, first, before, done=first.status == 0)]
        left = _traces(trial, "bob")
        again = trial.run(*_FORGET)
        findings += _wrong_forgetting(trial, again, before, done=True)
        if again.status != 0 and (left or again.status != 3):
            findings.append(f"once more, with {left}: {again}")
        return Outcome(first.met, findings)


def _wrong_forgetting(trial: Trial, run: Ended, before: Books, *, done: bool) -> Iterator[str]:
    """What is wrong after the run with Bob's carts, which are those of `before`, and with the
    others'; `done` tells whether nothing of him may be left."""
    books = trial.books()
    broken = trial.broken_promises(run, books=books, may_change=["bob"])
    yield from (text for text in broken if "carts/bob/purchased/" not in text)  # which are below
    sold = _receipts([cart for cart in before.of_user("bob").values() if cart["receipt"]])
    left = _receipts([cart for cart in books.carts.values() if cart["user"] != "alice"])
    if not sold.items() <= left.items() or (done and sold != left):
        yield f"bought were {sold}, and there are {left}: {run.stderr}"
    if done and (traces := _traces(trial, "bob")):
        yield f"of Bob there is still {traces}: {run.stderr}"


def _traces(trial: Trial, user: str) -> list[str]:
    """The files that tell of the user, by their names or by what is in them."""
    files = trial.picture().files.items()
    return [name for name, data in files if user in name or user.encode() in data]


def _receipts(carts: list[Record]) -> dict[str, str]:
    """What the receipts of these carts say, by their ids."""
    return {cart["id"]: repr((cart["receipt"], cart["attempt"])) for cart in carts}


def _wrong_login(trial: Trial, run: Ended, before: str) -> Iterator[str]:
    """Whether the saved login is Carol's or, unless the run succeeded, what it was `before`."""
    user = trial.reader.logged_in()
    if user != "carol" and (run.status == 0 or user != before):
        yield f"the login exits with {run.status}, and {user!r} is logged in: {run.stderr}"


def _wrong_demo(trial: Trial, run: Ended) -> Iterator[str]:
    """What is wrong after the run, and with Dora's carts; after a whole run all that hold something
    are bought."""
    books = trial.books()
    yield from trial.broken_promises(run, books=books)
    login = trial.reader.saved_login.read_bytes()
    if login != trial.bench.scene.logins["alice"]:
        yield "the saved login changed"
    carts = books.of_user("dora")
    bought = {key for key, cart in carts.items() if cart["state"] == "purchased"}
    if run.status == 0:
        if {cart["id"] for cart in run.json} != bought:
            yield f"bought are {bought}, and it prints {run.stdout}"
        left = [key for key, cart in carts.items() if cart["lines"] and key not in bought]
        if left:
            yield f"not bought: {left}"
