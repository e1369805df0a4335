"""What every catalog DB promises to threads, and to a child process, while it is replaced."""

from cartcli.testing.suites.catalog_threads import *  # noqa: F403
