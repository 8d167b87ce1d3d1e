"""Does the program do what its sources say? Cases that anyone can run, also with other settings than published ones.

A case is a small simulation through the ordinary engine, compared with a formula or a published table; never a formula
quoted back. A file in `sim/verify/cases/` holds the cases of one family; dropping a file there is all it takes:

    @case(
        "signal.delay",
        title="Control delay at an isolated signal",
        source="HCM 7 eq. 19-19, 19-26",
        settings=(Setting("cycle", 90.0, "time", "of the signal"), Setting("x", (0.3, 0.5), "number", "saturation")),
    )
    def delay(told: Settings) -> Iterator[Point]:
        for x in told.numbers("x"):
            yield point(x, "control delay [s]", expected, samples, tolerance)

- `Setting(name, default, dimension, meaning)`: the default's type says what it is: a number, a whole number, a text, or
  a tuple of numbers that is swept (`--set x=0.3,0.9`). The dimension is one of `sim.units.DIMENSIONS` ("text" for a
  text, "file" for one that must be there), so `--set cycle="90 s"` and `--set cycle=90` mean the same.
- `point(at, of, expected, got, tolerance)`: at what setting (number or text), of what quantity with its unit, and the
  figures. `got` may be a number or samples (one a seed), whose mean and 95 % half-width are taken. `tolerance` is half
  the width of the band about `expected`, in the same unit; `within(expected, 5)` is 5 % of it. `expected` is None
  where nothing is published for the settings: the point is then told and not judged (`ok` is None).
- A point is in order if the figure lies in the band and, of samples, the half-width is below a third of the band.
- `reports=True`: the expected figures are recalled, not read: deviations are told and do not fail the case.
- A generator that raises `Unavailable` (a data file is not told) makes the case *left out*, with the reason.
- Cases are quick by default (seconds); `seeds` and `duration` among their settings make them precise.

What comes out (`verify --json`): a list of `{case, title, settings, source, standing, points, ok, reason, seconds}`;
each point `{at, of, expected, got, half_width, tolerance, ok, note}`. `ok` of a case: true, false (outside), or null
(nothing was judged); `reason` says why a case is known to be outside.
"""
