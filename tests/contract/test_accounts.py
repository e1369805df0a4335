"""What the merchant is promised about the users of a provider."""

from cartcli.testing.suites.accounts import *  # noqa: F403
