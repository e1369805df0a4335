"""The answers for a cart to plain values and back, checked: what is stored, field by field.

Money is a decimal string beside its currency, a time RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, get_args

from cartcli.model.ids import is_key
from cartcli.model.money import Money
from cartcli.model.quotes import quote_of, quote_record
from cartcli.model.times import parse_time, rfc3339
from cartcli.payment import Status
from cartcli.payment.local.ledger import Answer, Answers

if TYPE_CHECKING:
    from cartcli.model.quote import Quote

Record = dict[str, Any]

_STATUSES: Final = (*get_args(Status), "waiting")
# What a hostile record can raise; RecursionError comes from quoting one that is deeply nested.
NO_ANSWERS: Final = (KeyError, TypeError, ValueError, ArithmeticError, RecursionError)


def answers_record(cart: str, answers: Answers) -> Record:
    """The `answers` for `cart` as plain values. Of each key only the last keeps its quote: payments
    of the largest cart may be begun and given up any number of times."""
    last = {answer.key: answer for answer in answers}
    return {
        "cart": cart,
        "answers": [
            _record(answer if answer is last[answer.key] else answer._replace(quote=None))
            for answer in answers
        ],
    }


def answers_of(record: Record, cart: str) -> Answers:
    """The answers in `record`, which has to be the one of this cart; one of `NO_ANSWERS` when
    it cannot be that."""
    if record["cart"] != cart:
        raise ValueError("it is of another cart")
    if not isinstance(record["answers"], list) or len(record) != 2:
        raise ValueError("it is not a list of answers")
    answers = tuple(_answer(one, cart) for one in record["answers"])
    ended: set[str] = set()
    for answer in answers:
        if answer.key in ended:
            raise ValueError("there is an answer after a final one")
        if answer.status != "waiting":
            ended.add(answer.key)
    if not answers:
        raise ValueError("there is no answer in it")
    return answers


def _record(answer: Answer) -> Record:
    amount, quote = answer.amount, answer.quote
    return {
        "key": answer.key,
        "id": answer.id,
        "reference": answer.reference,
        "status": answer.status,
        "amount": amount.decimal if amount else None,
        "currency": amount.currency if amount else None,
        "brand": answer.brand,
        "last4": answer.last4,
        "created": rfc3339(answer.created),
        "reason": answer.reason,
        "quote": quote_record(quote) if quote else None,
    }


def _answer(record: Record, cart: str) -> Answer:
    fields = {**record}
    amount, currency, quote = (fields.pop(name) for name in ("amount", "currency", "quote"))
    created = parse_time(_text(fields.pop("created")))
    texts: dict[str, Any] = {name: _text(value) for name, value in fields.items()}
    answer = Answer(
        **texts,
        cart=cart,
        amount=None if amount is currency is None else Money(_text(amount), _text(currency)),
        created=created,
        quote=None if quote is None else _quote(quote, _text(currency)),
    )
    if not all(_shapes(answer)):
        raise ValueError("there is something in it that is no answer")
    return answer


def _quote(record: Record, currency: str) -> Quote:
    quote = quote_of(record, currency)
    for line in (*quote.lines, *quote.was):
        _text(line.sku + line.name)
    for entry in quote.entries:
        _text(entry.kind + entry.label)
    return quote


def _shapes(answer: Answer) -> Iterator[bool]:
    yield is_key(answer.key) and answer.id != ""
    yield answer.reference == answer.key
    yield answer.status in _STATUSES
    last4 = answer.last4
    yield not last4 or (len(last4) == 4 and last4.isascii() and last4.isdigit())
    yield (answer.amount is None) == (answer.status == "cancelled")
    quote = answer.quote
    yield quote is None or quote.comes_to(answer.amount)


def _text(value: object) -> str:
    """`value` when it is text; TypeError or ValueError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    value.encode()  # JSON can spell half of a surrogate pair
    return value
