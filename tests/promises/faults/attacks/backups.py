"""A backup, and a restore in place of a store in use, under a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.promises.faults.attacks.checkout import pay
from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import Books, misbehaviour
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Ended
from tests.promises.faults.readers import reader_of
from tests.promises.faults.scene import GOOD, Bench, Trial
from tests.promises.faults.sweeps import Attack, Outcome

_FOLDER: Final = "backup"


def backup(bench: Bench, fault: Fault) -> Outcome:
    """Whatever stops it, the shop stays as it is, and there is a whole backup or none."""
    with bench.trial() as trial:
        before = trial.picture().files
        run = trial.run("backup", _folder(trial), fault=fault)
        told = run._replace(stdout="") if run.status == 9 else run  # what it found is a result
        findings = [*misbehaviour(told), *_wrong_backup(trial, run)]
        if not Path(_folder(trial)).exists():
            again = trial.run("backup", _folder(trial))
            findings += [*misbehaviour(again), *_wrong_backup(trial, again)]
        after = trial.picture().files
        findings += [f"{name} changed" for name in before if after.get(name) != before[name]]
        return Outcome(run.met, findings)


def backed_up(bench: Bench) -> Picture:
    """The prepared shop with a backup of it, after which the cart was bought."""
    with bench.trial() as trial:
        for run in (trial.run("backup", _folder(trial)), pay(trial, GOOD)):
            assert run.status == 0, run
        return trial.picture()


def restore_in(picture: Picture) -> Attack:
    """The backup that is in the `picture` is put in place of the store. Whatever stops that, there
    is the one or the other, or each command tells to restore it again; that does it."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial(picture) as trial:
            books = {"old": trial.books(), "new": _books(trial, _folder(trial))}
            run = trial.run("restore", _folder(trial), "--replace", fault=fault)
            findings = [*misbehaviour(run), *_wrong_store(trial, run, books)]
            again = trial.run("restore", _folder(trial), "--replace")
            findings += misbehaviour(again)
            if again.status or trial.books() != books["new"]:
                findings.append(f"restored again: {again}")
            kept = [_books(trial, str(path)) for path in trial.attacked.glob("store.2*")]
            if books["old"] not in kept:
                findings.append(f"the old store is none of the {len(kept)} that were kept")
            left = [path.name for path in trial.attacked.glob("*.restor*")]
            return Outcome(run.met, [*findings, *(f"{name} is left" for name in left)])

    return attack


def _wrong_backup(trial: Trial, run: Ended) -> Iterator[str]:
    """What is wrong with the folder of the backup, which is there or not."""
    folder, copy = Path(_folder(trial)), str(trial.attacked / "restored")
    if not folder.exists():
        if run.status == 0:
            yield "the backup is not there"
        return
    if Path(f"{folder}.partial").exists():
        yield "what was unfinished is left"
    restored = trial.run("--store", copy, "restore", str(folder))
    if run.status != 9 and (restored.status or _books(trial, copy) != trial.books()):
        yield f"the backup, restored, is not the shop: {restored}"


def _wrong_store(trial: Trial, run: Ended, books: dict[str, Books]) -> Iterator[str]:
    """Whether the store is, after the run, the old one or the new one, which it is when the run
    succeeded; or every command tells that it is neither."""
    used = trial.run("report", "open")
    if used.status == 0:
        there = trial.books()
        if there != books["new"] and (run.status == 0 or there != books["old"]):
            yield f"the store is neither the old one nor the new one: {run}"
    elif run.status == 0 or "estor" not in used.stderr:
        yield f"it was restored so: {run}, and is used so: {used}"


def _folder(trial: Trial) -> str:
    return str(trial.attacked / _FOLDER)


def _books(trial: Trial, store: str) -> Books:
    return reader_of(store, trial.attacked).books()
