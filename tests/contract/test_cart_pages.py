"""What every cart DB and every cart reader promise about long lists: pages, oldest first."""

from cartcli.testing.suites.cart_pages import *  # noqa: F403
