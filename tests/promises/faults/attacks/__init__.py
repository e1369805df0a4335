"""What is attacked, and what must hold then: an attack is given a bench and a fault."""
