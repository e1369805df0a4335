"""The plain design that this project replaces: all carts in one pandas dataframe, unpickled,
changed and pickled whole by every command. Runs on its own:

    dataframe.py FILE           an update of one cart
    dataframe.py FILE CARTS     makes FILE with so many carts
"""

from __future__ import annotations

import os
import sys
import uuid

import pandas


def main() -> None:
    path = sys.argv[1]
    if len(sys.argv) > 2:
        carts = _made(int(sys.argv[2]))
    else:
        carts = pandas.read_pickle(path)
        contents = carts.at[carts.index[0], "contents"]
        carts.at[carts.index[0], "contents"] = {
            **contents,
            "MUG-350-WHT": contents["MUG-350-WHT"] + 1,
        }
    _write(carts, path)


def _made(count: int) -> pandas.DataFrame:
    return pandas.DataFrame(
        {
            "user": [f"owner-{number}" for number in range(count)],
            "contents": [{"MUG-350-WHT": 1, "TEA-SEN-100": 2} for _ in range(count)],
            "purchased": False,
        },
        index=[str(uuid.uuid4()) for _ in range(count)],
    )


def _write(carts: pandas.DataFrame, path: str) -> None:
    """As durably as ours."""
    with open(f"{path}.tmp", "wb") as file:
        carts.to_pickle(file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(f"{path}.tmp", path)
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)


if __name__ == "__main__":
    main()
