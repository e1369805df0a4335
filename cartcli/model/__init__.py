"""The shop's values: frozen, pure, and each does its own sums.

money.py  currencies.py   exact amounts             people.py   who asks, and sessions
lines.py                  items, lines, quantities  cart.py     a cart in its three states
changes.py                what is done to a cart    quote.py    what a cart comes to
order.py                  attempts and receipts     quotes.py   lines and quotes as they are stored
audit.py                  what an audit found       imports.py  what an import changes
times.py                  UTC, as RFC 3339          ids.py      ids of carts, idempotency keys

Money is decimal in the shop's currency, times are UTC. A rule that is broken raises `FixInput`
with a sentence fit to show to a user.

Most values are named tuples: a tenth of the start-up time of data classes. Their annotations are
evaluated at once, because named tuples are slow to make of postponed ones.
"""
