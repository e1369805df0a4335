"""What implementations on files share: nothing else in the package reads or writes the store.

durable.py  whole files, put in place in one step     locks.py  between processes, freed by death
sealed.py   records of JSON under a checksum          names.py  what folders and files are called
safety.py   what may be opened, what is damaged       layout.py   which version a store is of
writers.py  whether somebody is writing to a file     leftovers.py  what killed writers have left
"""
