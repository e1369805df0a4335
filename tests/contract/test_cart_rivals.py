"""What every cart DB promises about those who pay one cart at once: exactly one payment counts,"""

from cartcli.testing.suites.cart_rivals import *  # noqa: F403
