"""A model of the checkout, small enough to look at every order in which things can happen.

The tests beside this one try the real command, at many moments; this one tries the protocol alone,
at every moment: commands that stop anywhere, requests and answers that are lost, late or doubled,
a processor that forgets its keys, customers, banks and webhooks that come whenever they like. It
knows nothing of files and locks. That the code keeps to the protocol, the other tests show.

    python -m tests.promises.model [--exhaustive]     the figures, and each flaw's shortest trace

Glossary. Each of these words means one thing in here.

What there is
    world     all there is at one moment: one cart, its clients, the processor's payments, and what
              is on its way. A plain value (world.py)
    cart      what the cart DB keeps: open, pending with an attempt, or purchased with one. The DB
              compares and sets, and nothing is locked (cart_db.py)
    attempt   one try to pay, with a key of its own; bound when it has a reference
    payment   what the processor keeps: Stripe's PaymentIntent or Checkout Session, or an answer of
              the embedded processor
    ref       the name of a payment, such as p2.1: the first that was made for the key k2
    client    a process, A or B or C, that runs so many commands, one after the other
    command   `checkout`; or `add` or `remove`, which settles in the same way and stops there
    late      said of a request that is on its way though nobody waits for the answer any more
    doubled   said of a request that the processor gets twice
    kept      said of an answer that is given again to the same request, by its idempotency key;
              forgotten, the request is a new one

What happens
    move      one thing that happens, and the world after it. Between two moves, time may pass
    step      what a client does at one move; the steps of a checkout are its protocol (checkout.py)
    settle    to find out how the attempt of somebody earlier has ended, or to end it
    look      to ask what has become of a payment, which ends nothing
    wait      to leave it to the customer or the bank; `waiting` is stored before anything is shown
    show      to give the customer the page on which to pay
    adopt     to make a cart purchased by its capture under an earlier key, which an older copy of
              the cart does not know of
    outside   what happens without a client: customers, banks, webhooks; copies that are put back
    fault     a move that nobody wants: network.py has those between clients and the processor, and
              the processors their own

What is looked for
    promise   what must hold in every world: not charged more than once, not purchased without being
              charged, not charged and open (promises.py)
    one more  a last command, when nothing else happens and nothing goes wrong: it must find out how
    run       it ended, or for whom the cart waits; else the cart is stuck
    explore   to meet every world that can come about, the nearest first (explorer.py)
    trace     the moves to a world that breaks a promise; there is no shorter one
    tidy      to take worlds for one in which the same can happen from here on (tidy.py). So there
              are few enough to let clients run any number of commands
    size      how many clients, commands, doubled and late requests there are (model.py)
    design    the parts of a model, and its size: remote/ with a processor that is told first what
              is to be paid, by a token, or hosted, on a page of the processor's; embedded/ with the
              one of this package. No promise may be broken (designs.py)
    flaw      a design with one thing done wrong on purpose: the explorer must find which promise
              that breaks (flaw.py, remote/flaws/, embedded/flaws.py)
"""
