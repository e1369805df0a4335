"""The state of the model: one cart, its clients, the processor, and what is on its way.

Plain values that sort and hash fast, because they are compared by the million. What is not there
is a value as well (`NO_…`): None does not sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

ANY: Final = -1  # as many as there may be


class Ref(NamedTuple):
    """A payment: the key of the attempt it was made for, and its number among those that were made
    for the same key. Number 0 is the key alone."""

    key: int
    number: int = 0

    def __str__(self) -> str:
        return f"p{self.key}.{self.number}" if self.number else f"k{self.key}"


NO_REF: Final = Ref(0)


class Attempt(NamedTuple):
    """One try to pay the cart. Bound, its `ref` is a payment; before that, the key alone. It is
    `waiting` when the customer or the bank is known to act next."""

    ref: Ref
    waiting: bool = False


NO_ATTEMPT: Final = Attempt(NO_REF)


class Cart(NamedTuple):
    """What the cart DB keeps. Unless it is open, it has an attempt."""

    state: Literal["open", "pending", "purchased"] = "open"
    attempt: Attempt = NO_ATTEMPT


Status = Literal["new", "declined", "action", "processing", "succeeded", "cancelled"]


class Payment(NamedTuple):
    """What the processor keeps. `shown`: the customer has the page on which to pay it."""

    ref: Ref
    status: Status
    shown: bool = False


class Request(NamedTuple):
    """What the processor is asked to `do`, with a payment or for a key."""

    do: str
    ref: Ref


class Answer(NamedTuple):
    """The status of a payment. Or what was asked is not done: "unexpected", because the status does
    not allow it; "refused", because it is no good, such as a token that is none; "error", and
    nobody knows."""

    status: Status | Literal["unexpected", "refused", "error", ""]
    ref: Ref


class Kept(NamedTuple):
    """An answer that is given again to the same request."""

    request: Request
    answer: Answer


NO_REQUEST: Final = Request("", NO_REF)
NO_ANSWER: Final = Answer("", NO_REF)


class Client(NamedTuple):
    """A process, and how many commands it has `left` to run. In a command it is at a `step`, where
    it goes on as soon as its `request`, if there is one, has got an `answer`."""

    left: int
    step: str = ""
    attempt: Attempt = NO_ATTEMPT
    request: Request = NO_REQUEST
    answer: Answer = NO_ANSWER


class World(NamedTuple):
    """All there is, at one moment. `late` are requests that nobody waits for; `keys` is the number
    of keys so far, and `doubles` of the requests that may still be doubled.

    `copy` is an older cart, and `restored` whether one was ever put back; `events` is what has
    been told of payments, where somebody believes it.
    """

    cart: Cart
    clients: tuple[Client, ...]
    payments: tuple[Payment, ...] = ()
    late: tuple[Request, ...] = ()
    kept: tuple[Kept, ...] = ()
    keys: int = 0
    doubles: int = 0
    copy: Cart = Cart()
    restored: bool = False
    events: tuple[Ref, ...] = ()

    def payment(self, ref: Ref) -> Payment:
        """The payment `ref`. LookupError when there is none."""
        for payment in self.payments:
            if payment.ref == ref:
                return payment
        raise LookupError(f"there is no payment {ref}")

    def with_payment(self, payment: Payment) -> World:
        """The same with this payment, in place of the one with the same reference."""
        others = [other for other in self.payments if other.ref != payment.ref]
        return self._replace(payments=tuple(sorted([*others, payment])))

    def with_late(self, request: Request) -> World:
        """The same with one more late request."""
        return self._replace(late=tuple(sorted([*self.late, request])))

    def without_late(self, request: Request) -> World:
        """The same with one such request less."""
        where = self.late.index(request)
        return self._replace(late=self.late[:where] + self.late[where + 1 :])

    def with_client(self, me: int, client: Client) -> World:
        """The same with this client as number `me`."""
        return self._replace(clients=(*self.clients[:me], client, *self.clients[me + 1 :]))

    def asks(self, me: int, do: str, attempt: Attempt, then: str) -> World:
        """Client `me` asks the processor about `attempt`, and with the answer goes on at `then`."""
        request = Request(do, attempt.ref)
        return self.with_client(me, Client(self.clients[me].left, then, attempt, request))

    def goes_on(self, me: int, then: str, attempt: Attempt = NO_ATTEMPT) -> World:
        """Client `me` goes on at `then`, when it comes to that."""
        return self.with_client(me, Client(self.clients[me].left, then, attempt))

    def ends(self, me: int) -> World:
        """The command of client `me` is over."""
        return self.with_client(me, Client(self.clients[me].left))


Move = tuple[str, World]  # what happens, and what there is then
Moves = Iterator[Move]


def who(me: int) -> str:
    """What people call client number `me`."""
    return "ABCDEF"[me]


def one_less(number: int) -> int:
    """What is left of a limited number of things, after one of them."""
    return number if number == ANY else number - 1
