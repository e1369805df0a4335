"""What every keeper of carts promises the merchant: what it removes, and what it never does."""

from cartcli.testing.suites.cart_keeper import *  # noqa: F403
