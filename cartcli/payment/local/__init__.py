"""The embedded payment processor: no money moves, but all else is as a real one's.

processor.py    the rules: which card is charged, and that nothing is charged twice
ledger.py       what is kept of it, and what the rules need of whoever keeps it
file_ledger.py  the ledger on files
records.py      its answers as plain values, and back
"""
