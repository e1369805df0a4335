"""Times: UTC, as RFC 3339."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_MOST_REMEMBERED: Final = 256  # what was read is written again
_BEFORE_OFFSET: Final = len("2026-11-23T09:30:00.000000")


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def ago(now: datetime, age: timedelta) -> datetime:
    """The time that was `age` before `now`, or the first there is."""
    try:
        return now - age
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


@lru_cache(_MOST_REMEMBERED)
def rfc3339(time: datetime) -> str:
    """`time` as RFC 3339 in UTC with microseconds: 2026-11-23T09:30:00.000000Z."""
    if time.tzinfo is not UTC:  # most are, and so it costs nothing
        time = time.astimezone(UTC)
    return time.isoformat(timespec="microseconds")[:_BEFORE_OFFSET] + "Z"


def parse_time(text: str) -> datetime:
    """The time that `rfc3339` wrote; ValueError for any other text."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None or rfc3339(time) != text:
        raise ValueError(f"{text!r} is not a time in UTC")
    return time
