"""The upgrade of a store survives whatever happens to it, at whatever call of the operating system.

attempts.py   one upgrade in a process of its own that meets a fault, and what is on the disk then
sweeping.py   a process that tries a store with a fault at one call after the other
deaths.py     a death at every single call of one long upgrade, which is resumed each time
"""
