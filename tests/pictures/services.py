"""The five services, and the nine steps of the good path between them."""

from __future__ import annotations

from tests.pictures.canvas import Canvas

_STEPS = (
    "1  contact the shop",
    "2  log in",
    "3  what is on sale",
    "4  carts not bought yet",
    "5  show both",
    "6  change a cart",
    "7  save the change",
    "8  check out",
    "9  mark and charge",
)


def drawing() -> str:
    canvas = Canvas(780, 330, "Five services: the controller between customer and the other four")
    canvas.box(10, 130, 130, 70, "customer", "shell or program")
    canvas.box(300, 115, 130, 100, "controller", "carts, checkout,", "settling")
    canvas.arrow((140, 155), (300, 155))
    canvas.arrow((300, 180), (140, 180))
    for number, step in enumerate((1, 6, 8)):
        canvas.text(220, 112 + 17 * number, _STEPS[step - 1], anchor="middle")
    canvas.text(220, 198, _STEPS[4], anchor="middle")
    for top, name, does, steps in (
        (15, "identity provider", "who somebody is", (2,)),
        (95, "catalog DB", "what is on sale", (3,)),
        (175, "cart DB", "carts, each its owner's", (4, 7)),
        (255, "payment processor", "charges at most once", (9,)),
    ):
        canvas.box(605, top, 165, 60, name, does)
        middle = top + 30
        canvas.arrow((430, 165), (455, 165), (455, middle), (605, middle))
        for number, step in enumerate(steps):
            canvas.text(464, middle - 7 + 22 * number, _STEPS[step - 1])
    return canvas.svg()
