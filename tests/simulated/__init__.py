"""A remote payment processor, simulated: a process of its own, behind HTTP, with the rules that
Stripe documents. No money moves.

rules.py      what it answers, on plain values
account.py    one account of it, and what goes on in it later
ledger.py     what it remembers, in a file that each request names
faults.py     what goes wrong on the way
people.py     the customer and the bank, who act in their own time
server.py     the process; `python -m tests.simulated.server` tells its address
desk.py       what a test holds of it: starting it, its weather, the customer and the bank
client.py     the payment processor of the product's contract, that asks it
attended.py   the same with a customer who has acted when somebody looks
"""
