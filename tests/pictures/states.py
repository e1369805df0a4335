"""The states of a cart, and what leads from one to another."""

from __future__ import annotations

from tests.pictures.canvas import Canvas


def drawing() -> str:
    canvas = Canvas(780, 240, "The states of a cart: open, pending, purchased")
    canvas.box(10, 85, 140, 60, "open", "can change", kind="open")
    canvas.box(330, 85, 140, 60, "pending", "frozen; waits", kind="pending")
    canvas.box(630, 85, 140, 60, "purchased", "final, with receipt", kind="purchased")
    canvas.arrow((150, 102), (330, 102))
    canvas.text(240, 76, "checkout freezes and", anchor="middle")
    canvas.text(240, 93, "marks what is charged", anchor="middle")
    canvas.arrow((330, 130), (150, 130))
    canvas.text(240, 149, "declined or cancelled:", anchor="middle")
    canvas.text(240, 166, "nothing was charged", anchor="middle")
    canvas.arrow((470, 115), (630, 115))
    canvas.text(550, 105, "charged", anchor="middle")
    canvas.curve("M 440 85 C 460 30, 340 30, 360 83")
    canvas.text(400, 30, "nobody knows yet: the same command asks again", anchor="middle")
    canvas.curve("M 95 145 C 115 205, 45 205, 65 147")
    canvas.text(80, 212, "add, remove, set, empty", anchor="middle")
    promise = "No fault, crash or race leads from pending to a second charge."
    canvas.text(460, 212, promise, anchor="middle")
    return canvas.svg()
