"""The shop's rules, as functions: values in, values out. They read nothing and know no clock.

pricing.py      what a cart comes to, and whether it can be paid
choices.py      words of which one must be chosen
identities.py   who is meant by a name
"""
