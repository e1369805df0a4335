"""How fast it is: against the floors of its kind, whatever the size of the shop."""
