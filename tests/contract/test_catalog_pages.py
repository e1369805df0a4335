"""A catalogue page by page, in every catalog DB."""

from cartcli.testing.suites.catalog_pages import *  # noqa: F403
