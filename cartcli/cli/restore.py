"""cart restore: a backup becomes the store."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.backup import SOON, print_copy, tell_audit
from cartcli.cli.bar import Bars
from cartcli.cli.command import Command, Place
from cartcli.cli.params import dry_run_option
from cartcli.wire.backups import restored_dict


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=Place("dir"))
@click.option(
    "--replace", is_flag=True, help="Also if there is a store, which is kept beside the new one."
)
@dry_run_option
@pass_app
def restore(app: App, folder: str, replace: bool, dry_run: bool) -> None:
    """\b
    Examples:
      cart restore /backups/2026-11-23
      cart --store /srv/shop restore /backups/2026-11-23 --replace

    Put a copy of the backup in DIR in place as the store. A store that is there is refused, or with
    --replace kept beside the new one, under its name with the date. Stop what uses it first: the
    command is refused while a payment is in progress. Whatever stops it, there is the old store or
    the new one, or every command says to run it again. Then the store is audited; the exit status
    is 9 if anything disagrees. Everybody has to log in again.
    """
    from cartcli.bootstrap.upkeep import restore_store  # few need it

    with Bars(SOON) as bars:
        restored = restore_store(app.settings, folder, bars.show, replace=replace, dry_run=dry_run)
    print_copy(app.output, restored_dict(restored))
    if dry_run:
        tell_audit(
            f"{folder} would be restored as {restored.store}; nothing was changed",
            restored.audit,
            "Compare all that is named above with an earlier backup.",
        )
        return
    if restored.aside:
        message(f"The store that was there is kept as {restored.aside}.")
    when = f" made on {restored.made:%Y-%m-%d %H:%M} UTC" if restored.made else ""
    message(f"The store knows of nothing that was charged after the backup{when}:")
    message("the embedded payment processor's records were restored with it.")
    tell_audit(
        f"{restored.store} is restored",
        restored.audit,
        "What is open, but charged, is made purchased by:\n"
        "  cart settle --all\nCompare all else that is named above with an earlier backup.",
    )
