"""A shop in use is copied, the copy is restored, and the same commands are given again: nobody is
charged twice.

shops.py   a small shop, and what its customers do while it is copied
tools.py   how other tools copy, file by file       books.py    what was charged, in every copy

The fault tests stop backups and restores at every point.
"""
