"""What every cart DB promises about changes of a cart: all of them or none, and none is lost."""

from cartcli.testing.suites.cart_changes import *  # noqa: F403
