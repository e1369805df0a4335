"""What every store of sessions promises."""

from cartcli.testing.suites.sessions import *  # noqa: F403
