"""What every cart DB promises about the names of carts."""

from cartcli.testing.suites.cart_names import *  # noqa: F403
