"""What an audit found."""

from typing import NamedTuple


class Disagreement(NamedTuple):
    """What is wrong with the cart of this id; without an id, with a file of no single cart."""

    cart: str
    problem: str


class Audit(NamedTuple):
    """How much was compared, and what does not agree. `not_compared` are the carts whose payment
    processor is not set up here, so that nobody can tell."""

    carts: int
    payments: int
    disagreements: list[Disagreement]
    not_compared: tuple[Disagreement, ...] = ()
