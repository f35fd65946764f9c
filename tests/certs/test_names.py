import pytest

from certs.names import BadName, Names


@pytest.mark.parametrize(
    "text",
    ["localhost", "hook.security.svc", "xn--bcher-kva.example", "a" * 63 + ".b", "1.2.3", "0x7f.example"],
)
def test_a_host_name_is_kept(text: str) -> None:
    assert Names.parse([text]).hosts == (text,)


@pytest.mark.parametrize("text", ["10.0.0.1", "::1", "fd00::2"])
def test_an_address_is_known_as_one(text: str) -> None:
    assert [str(address) for address in Names.parse([text]).addresses] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "a..b",
        "a.",
        "-a",
        "a-",
        "a_b",
        "*.svc",
        "a b",
        "a\n",
        "ä",
        "a" * 64,
        "a." * 127 + "a",
        "a/b",
    ],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadName, match="is neither a host name nor an IP address"):
        Names.parse([text])


def test_names_are_lower_case_and_each_once_in_the_order_given() -> None:
    names = Names.parse(["B.svc", "10.0.0.1", "a.svc", "b.svc", "10.0.0.1"])

    assert str(names) == "b.svc, a.svc, 10.0.0.1"
