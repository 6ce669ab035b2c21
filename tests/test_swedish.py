"""Numbers and small words as Swedish prints them."""

import pytest

from affarsplan_data import swedish


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, 0, "1\u202f234\u202f567"),
        (-0.5, 0, "\u22121"),
        (-0.04, 1, "0,0"),
        (2.675, 2, "2,68"),
        (999.95, 1, "1\u202f000,0"),
        (None, 1, "uppgift saknas"),
        (float("nan"), 0, "uppgift saknas"),
        (float("inf"), 0, "uppgift saknas"),
    ],
)
def test_number(value, decimals, text):
    assert swedish.number(value, decimals) == text


def test_a_range_with_a_minus_sign_is_written_with_a_word():
    assert swedish.span("3,0", "5,0 procent") == "3,0–5,0 procent"
    assert swedish.span("\u2212136,1", "\u221264,3") == "\u2212136,1 till \u221264,3"
    assert swedish.span("\u22121", "2") == "\u22121 till 2"


@pytest.mark.parametrize(
    ("value", "text"), [(2.34, "+2,3"), (-2.34, "\u22122,3"), (0.04, "0,0"), (0, "0,0")]
)
def test_signed(value, text):
    assert swedish.signed(value, 1) == text


def test_with_unit_keeps_number_and_unit_together():
    assert swedish.with_unit(5, "procent") == "5\u00a0procent"
    assert swedish.with_unit(None, "procent") == "uppgift saknas"
    assert swedish.with_unit(79, "") == "79"


def test_a_number_that_a_line_could_break_is_made_whole():
    whole = swedish.unbroken_thousands("1 000 av 78 685 år 2021, 12 345 678 kr")
    assert whole == "1\u202f000 av 78\u202f685 år 2021, 12\u202f345\u202f678 kr"
    for text in ("SNI 2007 100", "2 0000", "16 år"):
        assert swedish.unbroken_thousands(text) == text


def test_periods_listings_and_first_letters():
    assert swedish.period("2024") == "2024"
    assert swedish.period("2023M12") == "december 2023"
    assert swedish.period("2024K1") == "kvartal 1 2024"
    assert swedish.listing(["a", "b", "c"]) == "a, b och c"
    assert swedish.listing(["a", "b"], "eller") == "a eller b"
    assert swedish.listing([]) == ""
    assert swedish.lower_first("Handel") == "handel"
    assert swedish.lower_first("BRP per invånare") == "BRP per invånare"
    assert swedish.upper_first("antalet") == "Antalet"
    assert [swedish.ordinal(n) for n in (1, 2, 3, 11, 21)] == ["1:a", "2:a", "3:e", "11:e", "21:a"]
