"""What every payment processor promises: embedded or remote, with numbers or with tokens."""

from cartcli.testing.suites.payment import *  # noqa: F403
