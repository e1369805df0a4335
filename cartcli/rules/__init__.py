"""The shop's rules, as functions: values in, values out. They read nothing and know no clock.

pricing.py      what a cart comes to, and whether it can be paid
changes.py      what is taken for a change of a cart
choices.py      words of which one must be chosen, and limits
identities.py   who is meant by a name
orders.py       what was bought, and when
"""
