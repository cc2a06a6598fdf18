"""Turn the raw counts of a Heron 4 into turbidity, as the firmware of version 2.6 does it."""

from dataclasses import dataclass

DARK_COUNTS = 412
"""Mean reading with the light source off, at 20 degrees Celsius."""
TEMPERATURE_COEFFICIENT = 0.0011
"""Share by which the light source dims for each degree above 20 degrees Celsius."""
MAX_NTU = 1000.0


@dataclass(frozen=True)
class Calibration:
    """Two points against formazin: the slope and what is left at zero water."""

    ntu_per_count: float
    offset_ntu: float
    batch: str


def from_two_points(low: tuple[int, float], high: tuple[int, float], batch: str) -> Calibration:
    """Return the line through two (counts, NTU) pairs."""
    slope = (high[1] - low[1]) / (high[0] - low[0])
    return Calibration(slope, low[1] - slope * (low[0] - DARK_COUNTS), batch)


def turbidity(counts: int, celsius: float, calibration: Calibration) -> float:
    """Return turbidity in NTU, never below zero and never above the measuring range."""
    dimmed = 1.0 - TEMPERATURE_COEFFICIENT * (celsius - 20.0)
    ntu = (counts - DARK_COUNTS) / dimmed * calibration.ntu_per_count + calibration.offset_ntu
    return min(max(ntu, 0.0), MAX_NTU)


def median_of_burst(counts: list[int]) -> int:
    """Return the middle of a burst of readings: a passing bubble must not move the result."""
    ordered = sorted(counts)
    return ordered[len(ordered) // 2]
