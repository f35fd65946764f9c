"""Names in certificates, as Python's TLS shows them."""

from typing import Any

import pytest

from webhook.server.http.client_names import names_in

# As ``getpeercert`` of Python's documentation shows it, with a name of each kind.
SHOWN = {
    "subject": (
        (("countryName", "DE"),),
        (("organizationName", "system:masters"), ("commonName", "kube-apiserver")),
        (("commonName", "second"),),
    ),
    "issuer": ((("commonName", "the authority"),),),
    "subjectAltName": (
        ("DNS", "api.cluster.local"),
        ("URI", "spiffe://cluster/api"),
        ("email", "api@cluster.local"),
        ("IP Address", "10.0.0.1"),
        ("DirName", ((("commonName", "inside"),),)),
    ),
}


def test_names_are_common_names_and_alternative_ones() -> None:
    assert names_in(SHOWN) == {
        "kube-apiserver",
        "second",
        "api.cluster.local",
        "spiffe://cluster/api",
        "api@cluster.local",
    }


@pytest.mark.parametrize("certificate", [None, {}, {"issuer": SHOWN["issuer"]}, {"subject": ()}])
def test_who_shows_no_name_has_none(certificate: dict[str, Any] | None) -> None:
    assert names_in(certificate) == frozenset()
