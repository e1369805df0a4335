"""The cart DB on pickle files, one folder an owner.

carts.py    the verbs, each a unit of work       owner_folder.py   what one owner has on disk
keeper.py   what the merchant removes
reader.py   every user's carts at once          codec.py          values to sealed pickles
"""
