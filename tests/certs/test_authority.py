from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certs import authority
from certs.authority import Authority
from certs.names import Names

DAY = timedelta(days=1)
Verify = Callable[..., str]


@pytest.fixture
def ours(names: Names, now: datetime) -> Authority:
    return authority.create(names, now=now, lifetime=100 * DAY)


def test_openssl_believes_a_leaf_under_each_of_its_names(
    ours: Authority, names: Names, now: datetime, verify: Verify
) -> None:
    leaf = authority.issue(ours, names, now=now, lifetime=DAY)

    assert verify(ours.certificate, leaf.certificate, now, "-verify_hostname", "hook.security.svc") == ""
    assert verify(ours.certificate, leaf.certificate, now, "-verify_ip", "10.1.2.3") == ""
    assert "mismatch" in verify(ours.certificate, leaf.certificate, now, "-verify_hostname", "other.svc")


def test_openssl_does_not_believe_a_leaf_beyond_what_the_authority_may_vouch_for(
    ours: Authority, now: datetime, verify: Verify
) -> None:
    for name in ["example.com", "10.1.2.4", "security.svc"]:
        names = Names.parse([name])
        leaf = authority.issue(ours, names, now=now, lifetime=DAY)

        assert authority.beyond(ours.certificate, names) == names
        assert "subtree violation" in verify(ours.certificate, leaf.certificate, now)


def test_addresses_are_excluded_where_none_is_permitted(now: datetime, verify: Verify) -> None:
    hosts_only = authority.create(Names.parse(["svc"]), now=now, lifetime=DAY)
    address = Names.parse(["10.1.2.3"])
    leaf = authority.issue(hosts_only, address, now=now, lifetime=DAY)

    assert authority.beyond(hosts_only.certificate, address) == address
    assert "excluded subtree violation" in verify(hosts_only.certificate, leaf.certificate, now)


def test_a_clock_five_minutes_behind_still_believes(
    ours: Authority, names: Names, now: datetime, verify: Verify
) -> None:
    leaf = authority.issue(ours, names, now=now, lifetime=DAY)

    assert verify(ours.certificate, leaf.certificate, now - timedelta(minutes=5)) == ""
    assert "not yet valid" in verify(ours.certificate, leaf.certificate, now - timedelta(minutes=6))


def test_a_leaf_ends_with_its_authority_at_the_latest(ours: Authority, names: Names, now: datetime) -> None:
    leaf = authority.issue(ours, names, now=now + 90 * DAY, lifetime=30 * DAY)

    assert leaf.certificate.not_valid_after_utc == ours.certificate.not_valid_after_utc


def test_a_leaf_can_sign_nothing_and_an_authority_nothing_but_leaves(
    ours: Authority, names: Names, now: datetime
) -> None:
    leaf = authority.issue(ours, names, now=now, lifetime=DAY)

    for certificate, ca, length in ((ours.certificate, True, 0), (leaf.certificate, False, None)):
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)

        assert basic.critical
        assert (basic.value.ca, basic.value.path_length) == (ca, length)
        assert usage.critical
        assert usage.value.key_cert_sign is ca
        assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)


def test_serials_names_and_keys_are_never_the_same_twice(names: Names, now: datetime) -> None:
    made = [authority.create(names, now=now, lifetime=DAY).certificate for _ in range(20)]

    for distinct in (
        {certificate.serial_number for certificate in made},
        {certificate.subject for certificate in made},
        {certificate.public_key().public_numbers() for certificate in made},
    ):
        assert len(distinct) == len(made)


def test_nameless_certificates_are_not_made(ours: Authority, now: datetime) -> None:
    with pytest.raises(ValueError, match="at least one name"):
        authority.issue(ours, Names(), now=now, lifetime=DAY)
    with pytest.raises(ValueError, match="at least one host name"):
        authority.create(Names.parse(["10.0.0.1"]), now=now, lifetime=DAY)


label = st.text("ab-1", min_size=1, max_size=4).filter(lambda text: text.strip("-") == text)
hosts = st.lists(label, min_size=1, max_size=4).map(".".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(permitted=st.lists(hosts, min_size=1, max_size=3), host=hosts)
def test_what_an_authority_may_vouch_for_is_what_openssl_believes(
    permitted: list[str], host: str, now: datetime, verify: Verify
) -> None:
    issuer = authority.create(Names(tuple(permitted)), now=now, lifetime=DAY)
    leaf = authority.issue(issuer, Names((host,)), now=now, lifetime=DAY)

    believed = verify(issuer.certificate, leaf.certificate, now) == ""

    assert believed == (authority.beyond(issuer.certificate, Names((host,))) == Names())


def test_the_fingerprint_is_written_as_openssl_writes_it(ours: Authority) -> None:
    written = authority.fingerprint(ours.certificate)

    assert len(written) == 32 * 3 - 1
    assert written == written.upper()
    assert bytes.fromhex(written.replace(":", " "))
