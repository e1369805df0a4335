"""What every cart DB promises about creating, finding, updating and deleting carts."""

from cartcli.testing.suites.cart_db import *  # noqa: F403
