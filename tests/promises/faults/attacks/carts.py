"""Changes of open carts under a fault: saved whole or not at all, and told so."""

from __future__ import annotations

from collections.abc import Iterator

from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import Record, printed_lines
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Ended
from tests.promises.faults.scene import CONTENTS, DRONE, PLATES, TEA, Bench, Trial, priced
from tests.promises.faults.sweeps import Attack, Outcome

Contents = dict[str, int]


def add(bench: Bench, fault: Fault) -> Outcome:
    """One more of an item that is in the cart."""
    return _change(bench, fault, "add", {TEA: 1})


def remove(bench: Bench, fault: Fault) -> Outcome:
    """One less of it."""
    return _change(bench, fault, "remove", {TEA: -1})


def remove_line(bench: Bench, fault: Fault) -> Outcome:
    """A whole line: once it is gone, the same command finds nothing to remove."""
    with bench.trial() as trial:
        cart = bench.scene.cart
        first = trial.run("remove", cart, PLATES, fault=fault)
        findings = [*trial.broken_promises(first)]
        removed = _contents(trial) == _without(CONTENTS, PLATES)
        if not removed and (first.status == 0 or _contents(trial) != CONTENTS):
            findings.append(f"{first.status}, and the cart holds {_contents(trial)}")
        again = trial.run("remove", cart, PLATES)
        findings += trial.broken_promises(again)
        if again.status != (3 if removed else 0) or PLATES in _contents(trial):
            findings.append(f"once more: {again.status}, and the cart holds {_contents(trial)}")
        return Outcome(first.met, findings)


def add_new(bench: Bench, fault: Fault) -> Outcome:
    """A new cart: it is there with its line, or it is not there."""
    with bench.trial() as trial:
        runs: list[Ended] = []
        findings: list[str] = []
        seen = set(trial.books().carts)
        for present in (fault, None):
            runs.append(trial.run("add", "new", DRONE, "4", fault=present))
            books = trial.books()
            findings += trial.broken_promises(*runs, books=books)
            carts = books.of_user("alice")
            new = [cart for key, cart in carts.items() if key not in seen]
            seen.update(carts)
            findings += _wrong_new(runs[-1], new)
        if runs[-1].status:
            findings.append(f"once more: {runs[-1]}")
        return Outcome(runs[0].met, findings)


def add_to(wreck: Picture) -> Attack:
    """An item into a cart whose payment was cut off: it is settled first."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial(wreck) as trial:
            cart_id = bench.scene.cart
            charged = bool(trial.books().captures(cart_id))
            first = trial.run("add", cart_id, TEA, "1", fault=fault)
            findings = [*trial.broken_promises(first)]
            added = _contents(trial)[TEA] - CONTENTS[TEA]
            again = trial.run("add", cart_id, TEA, "1")
            findings += trial.broken_promises(again)
            more = _contents(trial)[TEA] - CONTENTS[TEA] - added
            if (again.status, more) != ((6, 0) if charged else (0, 1)):
                findings.append(f"once more: {more} more, {again}")
            if added not in (0, 0 if charged else 1) or added == 0 == first.status:
                findings.append(f"{added} more with the exit status {first.status}")
            if trial.books().carts[cart_id]["state"] != ("purchased" if charged else "open"):
                findings.append("the cart was not settled")
            return Outcome(first.met, findings)

    return attack


def _change(bench: Bench, fault: Fault, verb: str, change: Contents) -> Outcome:
    """Do the same change twice, first with the fault."""
    ((sku, difference),) = change.items()
    with bench.trial() as trial:
        findings: list[str] = []
        runs: list[Ended] = []
        for present in (fault, None):
            before = _contents(trial)
            run = trial.run(verb, bench.scene.cart, sku, str(abs(difference)), fault=present)
            runs.append(run)
            books = trial.books()
            findings += trial.broken_promises(run, books=books)
            cart = books.carts.get(bench.scene.cart)
            if cart is None:
                return Outcome(runs[0].met, [*findings, f"{run.status}, and the cart is lost"])
            done = before | {sku: before[sku] + difference}
            if cart["lines"] != priced(done, "before") and (
                run.status == 0 or cart["lines"] != priced(before, "before")
            ):
                findings.append(f"{run.status}, and the cart holds {cart['lines']}")
            if run.status == 0:
                findings += _untrue_cart(run, cart)
        if runs[-1].status:
            findings.append(f"once more: {runs[-1]}")
        return Outcome(runs[0].met, findings)


def _wrong_new(run: Ended, new: list[Record]) -> Iterator[str]:
    if len(new) > 1 or (run.status == 0 and not new):
        yield f"{run.status}, and there are {len(new)} new carts"
    for cart in new:
        if cart["lines"] != priced({DRONE: 4}, "before"):
            yield f"the new cart holds {cart['lines']}"
        if run.status == 0:
            yield from _untrue_cart(run, cart)


def _untrue_cart(run: Ended, cart: Record) -> Iterator[str]:
    """What a printed cart says that the books do not."""
    printed = run.json
    if (printed["id"], printed["state"]) != (cart["id"], cart["state"]):
        yield f"printed {printed['id']} {printed['state']}, stored {cart['id']} {cart['state']}"
    if printed_lines(printed) != cart["lines"]:
        yield f"printed {printed_lines(printed)}, stored {cart['lines']}"


def _contents(trial: Trial) -> Contents:
    return dict(_quantities(trial.books().carts[trial.bench.scene.cart]))


def _quantities(cart: Record) -> Iterator[tuple[str, int]]:
    return ((sku, quantity) for sku, _, _, quantity in cart["lines"])


def _without(contents: Contents, sku: str) -> Contents:
    return {one: quantity for one, quantity in contents.items() if one != sku}
