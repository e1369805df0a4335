"""The pictures of the README and of the pages: `python -m tests.pictures` makes them anew, from
what the README shows and from what stands here. Only SVG, without scripts, fonts or addresses.

canvas.py     rectangles, lines, texts, in light and dark
session.py    a run of the command, played
services.py   the five services and the nine steps
states.py     the states of a cart
month.py      the sales of a real month
kills.py      a checkout with a fault at each of its calls
"""
