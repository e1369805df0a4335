"""What an audit found."""

from typing import NamedTuple


class Disagreement(NamedTuple):
    """What is wrong with the cart of this id; without an id, with a file of no single cart."""

    cart: str
    problem: str


class Audit(NamedTuple):
    """How much was compared, and what does not agree."""

    carts: int
    payments: int
    disagreements: list[Disagreement]
