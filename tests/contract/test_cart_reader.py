"""What every cart reader shows to the merchant: all customers' carts."""

from cartcli.testing.suites.cart_reader import *  # noqa: F403
