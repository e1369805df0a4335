"""What lies in the folder of a store, and is written by nobody but its implementation."""

from typing import Final

CARTS: Final = "carts"  # cart_db/pickle/
PAYMENTS: Final = "payments"  # payment/local/file_ledger.py, as the next
ORDERS: Final = "orders"
USERS: Final = "users"  # idp/passwords.py
SESSIONS: Final = "sessions"  # idp/session_files.py
GUESSES: Final = "guesses"  # idp/limits.py

FOLDERS: Final = (CARTS, PAYMENTS, ORDERS, USERS, SESSIONS, GUESSES)
