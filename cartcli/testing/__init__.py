"""The tests that every implementation of a contract has to pass, for whoever writes one, and a shop
for the tests of a program. They run on pytest, which `pip install 'cartcli[testing]'` brings.

In the `conftest.py` at the top of the tests:

    pytest_plugins = ["cartcli.testing.fixtures"]

In a module of tests, what the suite is run on, and the suite:

    import pytest
    from my_package import OnAccount

    from cartcli import Token
    from cartcli.testing.implementations import PaymentImplementation
    from cartcli.testing.suites.payment import *

    @pytest.fixture
    def payment_implementation():
        means = {"good": Token("customer 17")}
        return PaymentImplementation(lambda store, clock: OnAccount(f"{store}.db"), means.get)

Each test runs plainly, from eight threads at once on one object, and in children that were forked
in the middle of something. What an implementation says it has not is skipped, and the skip says so.

The fixture `shop` is a new shop of the sample in an empty folder, apart from the settings of
whoever runs the tests.
"""

import pytest

pytest.register_assert_rewrite("cartcli.testing.suites", "cartcli.testing.payer")
