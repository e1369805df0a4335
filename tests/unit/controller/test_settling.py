"""How an attempt is settled: by the processor it names, without asking when it was never bound, and
with the patience that a customer who may still act needs."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cartcli import Cart, Money, Quote
from cartcli.controller.settling import Settling
from cartcli.errors import (
    CheckOutAgain,
    ChooseExisting,
    FinishPayment,
    RestoreData,
    ReviewCart,
    UseAnotherCard,
    WaitForPayment,
)
from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment, Processors, Refused
from tests.helpers import attempt_for, line
from tests.unit.controller.counter import (
    OWNER,
    Change,
    Counter,
    Processor,
    cancelled,
    charged,
    declined,
    lost,
)

ELSEWHERE: Final = "stripe:test:acct_1"
BANK: Final = Waiting("the bank asks the customer", "https://bank.example/3ds")


def waits(payment: Payment) -> Waiting:
    return BANK


def refusing(remote: Processor, then: Change) -> Change:
    """Refuses every charge, and answers as `then` says to what comes after it."""

    def change(payment: Payment) -> Payment | Waiting:
        if remote.told[-1] == "charge":
            raise Refused("the token is none")
        return then(payment)

    return change


@pytest.fixture
def remote(counter: Counter) -> Processor:
    """The processor of the counter is one that prepares."""
    counter.processor = Processor(ELSEWHERE, prepares=True)
    return counter.processor


@pytest.fixture
def unfinished(counter: Counter, remote: Processor) -> Cart:
    """A cart whose customer has to act at the bank."""
    cart = counter.cart()
    remote.change = waits
    with pytest.raises(FinishPayment):
        counter.buy(cart)
    remote.told.clear()
    return counter.found(cart)


def pending(counter: Counter, **changes: str) -> Cart:
    """A cart that waits with an attempt, of which the fields named are different."""
    cart = counter.cart()
    attempt = attempt_for(cart)._replace(**changes)  # type: ignore[arg-type]
    return counter.carts.mark(OWNER, cart.id, attempt, if_version=cart.version)


def test_a_reference_is_bound_before_money_can_move(counter: Counter, remote: Processor) -> None:
    cart = counter.cart()
    remote.while_preparing = lambda attempt: seen.append(counter.found(cart).attempt)
    remote.meanwhile = lambda attempt: seen.append(counter.found(cart).attempt)
    seen: list[Attempt | None] = []
    receipt = counter.buy(cart)
    (charged,) = remote.asked
    assert seen == [charged._replace(reference=""), charged]
    assert remote.told == ["accepts", "prepare", "charge"]
    assert (receipt.reference, counter.found(cart).attempt) == (charged.reference, charged)


def test_what_was_never_bound_is_opened_without_asking(counter: Counter, remote: Processor) -> None:
    cart = pending(counter, reference="", processor=ELSEWHERE)
    counter.checkout.reopen(OWNER, cart.id)
    assert remote.told == []
    assert (counter.found(cart).state, counter.found(cart).lines) == ("open", cart.lines)


def test_an_attempt_is_settled_by_the_processor_that_it_names(counter: Counter) -> None:
    other = Processor(ELSEWHERE, prepares=True)
    counter.others = [other]
    cart = pending(counter, reference="ref_1", processor=ELSEWHERE)
    assert counter.purchase(cart).how == "settled an earlier attempt"
    assert (other.told, counter.processor.told) == (["cancel"], [])


def test_an_attempt_whose_processor_is_not_set_up_stays_as_it_is(counter: Counter) -> None:
    cart = pending(counter, reference="ref_1", processor=ELSEWHERE)
    for call in (counter.buy, lambda cart: counter.checkout.reopen(OWNER, cart.id)):
        with pytest.raises(CheckOutAgain, match=ELSEWHERE):
            call(cart)
    assert counter.found(cart) == cart
    assert counter.processor.told == []


def test_who_binds_too_late_cancels_what_was_prepared(counter: Counter, remote: Processor) -> None:
    cart = counter.cart()

    def rival(attempt: Attempt) -> None:
        counter.carts.unpurchase(OWNER, cart.id, attempt)

    remote.while_preparing = rival
    with pytest.raises(WaitForPayment):
        counter.buy(cart)
    assert remote.told == ["accepts", "prepare", "cancel"]
    assert (counter.found(cart).state, remote.asked) == ("open", [])


def test_a_refusal_while_preparing_opens_the_cart(counter: Counter, remote: Processor) -> None:
    cart = counter.cart()

    def refuse(attempt: Attempt) -> None:
        raise Refused("the token is none")

    remote.while_preparing = refuse
    with pytest.raises(Refused, match="the token is none"):
        counter.buy(cart)
    assert (counter.found(cart).state, remote.told) == ("open", ["accepts", "prepare"])


def test_what_was_refused_is_cancelled_before_the_cart_is_opened(
    counter: Counter, remote: Processor
) -> None:
    cart = counter.cart()
    remote.change = refusing(remote, cancelled)
    with pytest.raises(Refused):
        counter.buy(cart)
    assert remote.told == ["accepts", "prepare", "charge", "cancel"]
    assert counter.found(cart).state == "open"


def test_a_refusal_that_cannot_be_cancelled_is_not_believed(
    counter: Counter, remote: Processor
) -> None:
    cart = counter.cart()
    remote.change = refusing(remote, lost)
    with pytest.raises(CheckOutAgain):
        counter.buy(cart)
    assert counter.found(cart).state == "pending"


def test_what_is_waited_for_is_kept_before_it_is_told(counter: Counter, remote: Processor) -> None:
    cart = counter.cart()
    remote.change = waits
    with pytest.raises(FinishPayment) as told:
        counter.buy(cart)
    facts = told.value.facts
    assert (facts["waiting_for"], facts["url"], facts["until"]) == (*BANK[:2], None)
    attempt = counter.found(cart).attempt
    assert attempt
    assert attempt.waiting == BANK


def test_a_customer_who_may_still_act_is_let(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    for _ in range(2):
        with pytest.raises(FinishPayment):
            counter.buy(unfinished)
    assert remote.told == ["look", "look"]
    assert counter.found(unfinished) == unfinished
    remote.change = lambda payment: payment
    assert counter.purchase(unfinished).how == "settled an earlier attempt"
    assert len(remote.asked) == 1


def test_a_change_of_the_cart_does_not_wait_for_the_customer(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    remote.change = cancelled
    counter.checkout.reopen(OWNER, unfinished.id)
    assert remote.told == ["cancel"]
    assert counter.found(unfinished).state == "open"


def test_what_the_bank_is_at_can_be_neither_changed_nor_paid_anew(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    remote.change = lambda payment: Waiting("the bank is still processing")
    with pytest.raises(FinishPayment, match="still processing"):
        counter.checkout.reopen(OWNER, unfinished.id)
    with pytest.raises(FinishPayment, match="still processing"):
        counter.buy(unfinished)
    assert counter.found(unfinished).state == "pending"
    remote.change = lambda payment: payment
    with pytest.raises(ReviewCart, match="went through"):
        counter.checkout.reopen(OWNER, unfinished.id)


def test_who_has_finished_in_vain_pays_anew(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    remote.change = lambda payment: payment if len(remote.asked) == 2 else declined(payment)
    receipt = counter.buy(unfinished)
    first, second = remote.asked
    assert first.key != second.key == receipt.key


def test_an_earlier_capture_makes_the_cart_purchased(counter: Counter) -> None:
    """An old copy of the cart does not know of it; the processor's answer tells what was bought."""
    cart = counter.cart(price="8.50")
    earlier = attempt_for(cart, amount="17.00")
    counter.processor.change = lambda payment: payment._replace(
        key=earlier.key,
        reference=earlier.key,
        id="pay_0",
        amount=earlier.amount,
        quote=earlier.quote,
    )
    receipt, how = counter.purchase(cart)
    assert how == "settled an earlier attempt"
    assert (receipt.key, receipt.payment, receipt.amount) == (earlier.key, "pay_0", earlier.amount)
    assert receipt.quote == earlier.quote
    assert counter.found(cart).receipt == receipt
    assert counter.purchase(cart, None) == (receipt, "bought before")


def test_a_cart_that_is_deleted_meanwhile_is_told_as_such(counter: Counter) -> None:
    """By whoever has settled it first: it charged nothing, and that is known."""

    def rival(attempt: Attempt) -> None:
        counter.carts.unpurchase(OWNER, attempt.cart, attempt)
        counter.carts.delete(OWNER, attempt.cart)

    for change in (declined, cancelled):
        counter.processor.meanwhile, counter.processor.change = rival, change
        with pytest.raises(ChooseExisting) as gone:
            counter.buy(counter.cart())
        assert "charged nothing" in gone.value.hint


def test_an_earlier_capture_of_nobody_knows_what_is_a_disagreement(counter: Counter) -> None:
    cart = counter.cart()
    counter.processor.change = lambda payment: payment._replace(key="0" * 32, reference="0" * 32)
    with pytest.raises(RestoreData, match=r"but was charged 17\.80 USD"):
        counter.buy(cart)
    assert counter.found(cart).state == "pending"


@pytest.fixture
def captured(counter: Counter) -> Cart:
    """An old copy of a cart that another processor than today's has charged: 17.00, for two mugs at
    8.50. It is open."""
    cart = counter.cart(price="8.50")
    counter.others = [Processor("embedded")]
    counter.processor = Processor(ELSEWHERE, prepares=True)
    capture = charged(attempt_for(cart))
    counter.others[0].recorded = [capture._replace(quote=attempt_for(cart).quote)]
    return cart


def test_what_is_captured_here_is_bought_without_asking_anybody(
    counter: Counter, captured: Cart
) -> None:
    (capture,) = counter.others[0].recorded
    receipt, how = counter.purchase(captured, None, version=99)
    assert how == "settled an earlier attempt"
    with pytest.raises(ReviewCart, match="was bought for") as other:
        counter.purchase(captured, None, expect="1.00")
    assert other.value.facts["receipt"] == receipt
    assert (receipt.key, receipt.amount, receipt.quote) == (
        *(capture.key, capture.amount, capture.quote),
    )
    attempt = counter.found(captured).attempt
    assert attempt
    assert (attempt.processor, attempt.reference) == ("embedded", capture.reference)
    assert counter.processor.told == counter.others[0].told == []


def test_what_waits_elsewhere_is_ended_before_the_capture_here_counts(
    counter: Counter, captured: Cart
) -> None:
    """Though the customer could still act: there is nothing left to pay."""
    remote = counter.processor
    attempt = attempt_for(captured)._replace(processor=ELSEWHERE, reference="ref_1", waiting=BANK)
    counter.carts.mark(OWNER, captured.id, attempt, if_version=captured.version)
    remote.change = lost
    with pytest.raises(CheckOutAgain):
        counter.buy(captured)
    assert counter.found(captured).attempt == attempt
    remote.change = cancelled
    receipt = counter.buy(captured)
    assert receipt.key == counter.others[0].recorded[0].key
    assert remote.told == ["cancel", "cancel"]


@pytest.mark.parametrize("change", [{"quote": None}, {"amount": Money("17.00", "EUR")}], ids=str)
def test_a_capture_that_does_not_fit_is_a_disagreement(
    counter: Counter, captured: Cart, change: dict[str, Any]
) -> None:
    (capture,) = counter.others[0].recorded
    if "amount" in change:
        change["quote"] = Quote.of([line("MUG", 2, "8.50", "EUR")], "EUR")
    counter.others[0].recorded = [capture._replace(**change)]
    with pytest.raises(RestoreData, match=r"but was charged 17\.00"):
        counter.buy(captured)
    assert counter.found(captured) == captured
    assert counter.processor.told == []


def test_a_declined_card_is_told_by_its_reason(counter: Counter) -> None:
    counter.processor.change = declined
    with pytest.raises(UseAnotherCard, match="insufficient funds"):
        counter.buy(counter.cart())


def test_a_purchased_or_open_cart_needs_no_settling(counter: Counter) -> None:
    settling = Settling(counter.carts, Processors(counter.processor))
    cart = counter.cart()
    assert settling.settled(OWNER, cart, let_finish=True) == cart
    counter.buy(cart)
    counter.processor.told.clear()
    bought = counter.found(cart)
    assert settling.settled(OWNER, bought, let_finish=False) == bought
    assert counter.processor.told == []


@pytest.mark.parametrize("reference", ["", None, 5, "\ud800"])
def test_what_is_no_reference_is_not_charged_under(
    counter: Counter, remote: Processor, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "prepare", lambda attempt, source: reference)
    cart = counter.cart()
    with pytest.raises(CheckOutAgain):
        counter.buy(cart)
    assert remote.asked == []
    attempt = counter.found(cart).attempt
    assert attempt
    assert attempt.reference == ""


def test_who_expects_another_total_is_not_let_finish(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    remote.change = cancelled
    with pytest.raises(ReviewCart, match=r"not to 1\.00 USD") as refused:
        counter.buy(unfinished, expect="1.00")
    assert "The earlier payment of 17.80 USD charged nothing." in refused.value.hint
    assert remote.told == ["cancel"]
    assert counter.found(unfinished).state == "open"


def test_who_expects_that_total_is_let_finish(
    counter: Counter, remote: Processor, unfinished: Cart
) -> None:
    remote.change = lambda payment: payment
    assert counter.buy(unfinished, expect="17.80").amount.decimal == "17.80"
    assert remote.told == ["look"]


def test_what_was_refused_and_charged_is_not_told_as_refused(
    counter: Counter, remote: Processor
) -> None:
    cart = counter.cart()
    remote.change = refusing(remote, lambda payment: payment)
    with pytest.raises(CheckOutAgain, match="refused, and charged"):
        counter.buy(cart)
    assert counter.found(cart).state == "purchased"


def test_a_payment_that_was_settled_while_it_waited_is_looked_up_again(
    counter: Counter, remote: Processor
) -> None:
    cart = counter.cart()
    remote.meanwhile = lambda attempt: counter.carts.unpurchase(OWNER, cart.id, attempt)
    remote.change = waits
    with pytest.raises(CheckOutAgain, match="somebody else has settled it meanwhile"):
        counter.buy(cart)
