"""The shop's rules, as functions: values in, values out. They read nothing and know no clock.

pricing.py   which lines a cart gets, at which prices, and whether it can be paid
choices.py   words of which one must be chosen
"""
