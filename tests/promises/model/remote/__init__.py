"""A checkout with a remote processor, which makes a payment before it can be charged.

processor.py   what it does with a request, and the facts that stands on
checkout.py    the protocol: with a token, and on a hosted page
outside.py     customers, the bank, and webhooks
design.py      all of it put together
flaws/         what it must not be like
"""
