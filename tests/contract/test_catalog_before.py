"""What every catalog DB promises of the catalogue before the last import."""

from cartcli.testing.suites.catalog_before import *  # noqa: F403
