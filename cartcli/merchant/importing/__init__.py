"""The merchant's side: a product file from elsewhere becomes the store's catalogue.

source.py      opens a file or standard input, and tells what it holds
delimited.py   CSV and TSV        spreadsheet.py   Excel        parquet.py   Parquet
own.py  shopify.py  google.py  woocommerce.py      what a row of each format offers
formats.py     picks the format by the header
staging.py     every item read so far, on disk, so that a million need little memory
plan.py        what would be added, changed and removed; writes the catalogue
"""
