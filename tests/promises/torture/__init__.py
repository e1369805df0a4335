"""The torture: many customers check their carts out, everything goes wrong, and at the end each
cart is purchased if and only if it was charged, once.

trial      one store with its payment processor, and everything that happens to it
party      a payment processor with whoever pays with it, and its books
rival      another command on the same cart, at the same time; by courtesy one waits for another
death      a command ends between any two steps, as a process does that is killed; its fate
           decides whether it does, or only dawdles
bell       the processor tells that something has changed; what it was is then looked up
calm       nothing goes wrong any more, and nothing is underway
finding    a sentence that says which promise is broken
flaw       an error in the protocol, made on purpose, which the torture must find
"""
