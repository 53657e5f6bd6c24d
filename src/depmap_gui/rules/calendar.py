"""Days a number of years apart, as the law counts them."""

from __future__ import annotations

from datetime import date


def years_after(day: date, years: int) -> date:
    """The same day of the month so many years later; 28 February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a year without one
        return day.replace(year=day.year + years, day=28)
