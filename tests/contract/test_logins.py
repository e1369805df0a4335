"""What every provider of logins promises."""

from cartcli.testing.suites.logins import *  # noqa: F403
