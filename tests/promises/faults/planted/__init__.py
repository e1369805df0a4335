"""Defects to plant in a copy of the package, by the room in which they are: each must be found.

planting.py   how a copy is made and edited      defect.py   what a defect is, and its hunt
"""

from __future__ import annotations

from typing import Final

from tests.promises.faults.planted.in_cart_db import IN_CART_DB
from tests.promises.faults.planted.in_controller import IN_CONTROLLER
from tests.promises.faults.planted.in_files import IN_FILES
from tests.promises.faults.planted.in_payment import IN_PAYMENT

DEFECTS: Final = (*IN_CONTROLLER, *IN_CART_DB, *IN_PAYMENT, *IN_FILES)
