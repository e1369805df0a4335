"""What every cart DB promises about request ids: what is asked for again is made once."""

from cartcli.testing.suites.cart_requests import *  # noqa: F403
