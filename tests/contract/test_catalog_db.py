"""What every catalog DB promises."""

from cartcli.testing.suites.catalog_db import *  # noqa: F403
