"""What leaves the program: the shop's values and errors as plain data, the same for every front
end. Money is a decimal string, times are RFC 3339 in UTC.

records.py   carts, lines, receipts and items     errors.py   classes, codes and exit statuses
imports.py   what an import changes              audits.py   what the merchant found and removed
"""
