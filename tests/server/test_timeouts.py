import pytest

from webhook.server.timeouts import seconds, timeout_in


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10s", 10),
        ("1m30s", 90),
        ("1.5h", 5400),
        (".5s", 0.5),
        ("1.s", 1),
        ("250ms", 0.25),
        ("3us", 3e-6),
        ("3µs", 3e-6),
        ("3μs", 3e-6),
        ("7ns", 7e-9),
        ("1h1m1s1ms", 3661.001),
        ("-2s", -2),
        ("+2s", 2),
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("9223372036s", 9223372036),
    ],
)
def test_durations_are_read_as_go_reads_them(written: str, meant: float) -> None:
    assert seconds(written) == pytest.approx(meant, abs=1e-12)


@pytest.mark.parametrize(
    "written",
    ["", "s", "10", "1", "10 s", " 10s", "10S", "10sec", "--1s", "+-1s", ".s", "1..5s", "1e3s", "٣s", "1s-1s",
     "inf", "nan", "-", "+", "9223372037s", "9" * 400 + "h", "10s\n", "9" * 500_000],
)  # fmt: skip
def test_what_go_cannot_read_is_none(written: str) -> None:
    assert seconds(written) is None


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("timeout=10s", 10),
        ("a=b&timeout=2s&timeout=3s", 2),
        ("timeout=1%6Ds", 0.001),
        ("timeout=%2B1s", 1),
        ("", None),
        ("timeout=", None),
        ("timeout=soon", None),
        ("xtimeout=1s", None),
        ("timeout=10s;x", None),
        ("&".join(["timeout=1s"] * 100), None),
        ("timeout=%ff", None),
    ],
)
def test_the_first_timeout_of_a_query_counts(query: str, meant: float | None) -> None:
    assert timeout_in(query) == meant
