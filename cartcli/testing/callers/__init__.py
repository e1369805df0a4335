"""How the contracts' suites call what they try: plainly, from many threads, and after a fork.

ways.py     what passes for an object, and calls it      parcels.py  what comes back, what stays
threads.py  from eight threads in turn                   lanes.py    threads that wait for work
forks.py    in a child process                           stops.py    a call, stopped in the middle
looks.py    what may be called at any time, and changes nothing

A suite is given the object itself, or what passes for it: it need not know which.
"""
