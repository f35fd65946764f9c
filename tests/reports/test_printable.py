"""Text from manifests and file names, made safe to show."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.reports.printable import json_printable, printable, without_surrogates

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cart.yaml", "cart.yaml"),
        ("straße/日本.yaml", "straße/日本.yaml"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b2J", r"\x9b2J"),
        ("\u202etxt.exe", r"\u202etxt.exe"),
        ("\U000e0001", r"\U000e0001"),
        ("not\udcff\udc80utf-8", r"not\xff\x80utf-8"),
        ("half\ud83d", "half\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY_TEXT)
def test_printable_text_is_printable(text: str) -> None:
    assert printable(text).isprintable()


@given(ANY_TEXT)
def test_json_keeps_its_meaning_and_prints(text: str) -> None:
    text = without_surrogates(text)
    encoded = json_printable(json.dumps(text, ensure_ascii=False))

    assert encoded.isprintable()
    assert json.loads(encoded) == text


@given(ANY_TEXT)
def test_without_surrogates_all_text_is_utf_8(text: str) -> None:
    without_surrogates(text).encode()
