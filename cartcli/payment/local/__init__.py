"""The embedded payment processor: no money moves, but all else is as a real one's.

processor.py    the rules: which card is charged, and that nothing is charged twice
file_ledger.py  its answers, on files
"""
