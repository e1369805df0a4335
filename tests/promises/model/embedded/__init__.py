"""A checkout with the embedded processor, whose answers are on record for ever.

processor.py   what it does with a request
checkout.py    the protocol, and how an earlier capture is adopted
copies.py      older copies of the carts that are put back
design.py      all of it put together
flaws.py       what it must not be like
"""
