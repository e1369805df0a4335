"""cart import: a product file from elsewhere becomes the store's catalogue."""

from __future__ import annotations

import os

import click

from cartcli.bootstrap.upkeep import terms_of
from cartcli.catalog_db import catalog_of
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.changes import print_differences, print_summary, summary_of
from cartcli.cli.command import Choice, Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.text import counted, escaped
from cartcli.errors import FixInput
from cartcli.merchant.importing.formats import FORMATS
from cartcli.merchant.importing.plan import Plan
from cartcli.merchant.importing.source import NOTHING_WRITTEN, open_source
from cartcli.model.imports import Counts
from cartcli.model.times import utc_now

_MANY = 20  # items; of fewer, people see what is gone


@click.command("import", cls=Command)
@click.argument("file", metavar="[FILE|-]", required=False, type=click.Path(allow_dash=True))
@click.option("--format", "kind", type=Choice([*FORMATS]), help="Whatever the header says.")
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing; list what would change.")
@click.option("--merge", is_flag=True, help="Keep the items that the file lacks.")
@click.option("--skip-bad", is_flag=True, help="Leave faulty rows out instead of refusing all.")
@click.option("--undo", is_flag=True, help="Put back what the last import took the place of.")
@yes_option
@pass_app
def import_catalog(
    app: App,
    file: str | None,
    kind: str | None,
    dry_run: bool,
    merge: bool,
    skip_bad: bool,
    undo: bool,
    yes: bool,
) -> None:
    """\b
    Examples:
      cart import products_export.csv --dry-run
      cart import products_export.csv
      cart --currency EUR import feed.tsv --format google --merge
      curl https://shop.example/products.csv | cart import -
      cart import --undo

    Make FILE, or standard input, the store's catalogue, in place of the one that is there. It is
    our own sku,name,price,description, a product file of Shopify, Google Merchant Center or
    WooCommerce, as CSV or TSV, or as Excel or Parquet with the extras of those names.

    All of it is imported or nothing, and carts that customers have are never altered. An import
    that takes more than half of the items off sale, of twenty or more, is perhaps of the wrong
    file: a terminal is asked first; a script says --yes. The catalogue before the last import is
    kept: --undo puts it back, and a second --undo takes that back.
    """
    output = app.output
    shop = app.shop
    _check_usage(file, undo, bool(kind or merge or skip_bad))
    with Bars() as bars, shop.merchant.plan_import(merge=merge, told=bars.show) as plan:
        if file is None:
            plan.read_before()
        else:
            with open_source(file, app.settings.lock_wait) as source:
                plan.read(source, kind, utc_now())
            bars.end()
            _tell_faults(plan, source.name, skip_bad, in_message=output == "json")
        bars.end()
        if dry_run:
            counts = plan.compare()
            bars.end()
            summary = summary_of(plan, counts)
            found = plan.differences()
            print_differences(output, found, counts, summary, shop.currency, undo=undo)
        else:
            _check_removed(plan, plan.compare(), yes)
            bars.end()
            counts = plan.write()
            bars.end()
            print_summary(output, summary_of(plan, counts), undo=undo)
            if counts.changed or counts.removed:
                message("What was on sale before is kept; put it back with: cart import --undo")
        _tell_rest(app, plan, written=not dry_run)


# The command's name is a word that no function can have.
globals()["import"] = import_catalog


def _check_usage(file: str | None, undo: bool, more: bool) -> None:
    if undo and (file is not None or more):
        raise click.UsageError("--undo needs no file, and nothing that is for one.")
    if file is None and not undo:
        raise click.UsageError("Name a FILE, or - for standard input; or use --undo.")


def _check_removed(plan: Plan, counts: Counts, yes: bool) -> None:
    """FixInput unless so many items may be taken off sale."""
    before = plan.items - counts.added + counts.removed
    if before >= _MANY and counts.removed * 2 > before:
        check_consent(yes, f"Take {counts.removed:,} of {counted(before, 'item')} off sale?")


def _tell_faults(plan: Plan, name: str, skip_bad: bool, *, in_message: bool) -> None:
    """List the faulty rows; FixInput unless they are to be skipped."""
    if not plan.faulty:
        return
    listed = (f"  {escaped(fault)}" for fault in plan.faults())
    rows = counted(plan.faulty, "faulty row")
    if skip_bad or not in_message:
        for line in listed:
            message(line)
    if skip_bad:
        message(f"{rows} left out.")
        return
    raise FixInput(
        "\n".join([f"{name} has {rows}", *(listed if in_message else ())]),
        f"{NOTHING_WRITTEN} Correct the file, or leave them out with --skip-bad.",
    )


def _tell_rest(app: App, plan: Plan, *, written: bool) -> None:
    """What a merchant should know beside the result."""
    for warning in plan.warnings:
        message(f"Warning: {escaped(warning)}")
    if plan.warned > len(plan.warnings):
        message(f"Warning: … and {plan.warned - len(plan.warnings):,} more such rows")
    if plan.old_unreadable:
        message(f"Warning: the catalogue until now was damaged: {escaped(plan.old_unreadable)}")
    if not written:
        return
    _, used, _ = terms_of(app.settings)
    if os.path.realpath(used) != os.path.realpath(catalog_of(app.settings.store)):
        message(f"Warning: this shop sells from another catalogue, {escaped(used)}")
        message("Let it sell what was imported with: cart config set catalog own")
