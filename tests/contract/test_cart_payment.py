"""What every cart DB promises about carts that are being paid: compare-and-set on the attempt."""

from cartcli.testing.suites.cart_payment import *  # noqa: F403
