"""An authority and the leaves it issues: values in, values out; only the keys are random.

Source: RFC 5280 for what the certificates hold, RFC 5480 for the keys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certs.names import Names

# The clocks of the API server's host and of ours need not agree.
SKEW: Final = timedelta(minutes=5)
_LONGEST_COMMON_NAME = 64


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that may sign leaves, and the key it signs with."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Leaf:
    """A certificate to serve, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def create(permitted: Names, *, now: datetime, lifetime: timedelta) -> Authority:
    """A new authority that can vouch for *permitted* and the names below them, and for nothing else.

    Raises ValueError where there is no host name.
    """
    if not permitted.hosts:
        raise ValueError("an authority needs at least one host name that it may vouch for")
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    # Two authorities stand side by side while one follows the other: their names must differ.
    subject = _named(f"seccomp-webhook authority {serial % 0x100000000:08x}")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - SKEW)
        .not_valid_after(now + lifetime)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_constraints(permitted), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Authority(builder.sign(key, hashes.SHA256()), key)


def issue(authority: Authority, names: Names, *, now: datetime, lifetime: timedelta) -> Leaf:
    """A leaf of *authority* for *names*; it ends with the authority at the latest.

    Raises ValueError where there is no name.
    """
    if not (names.hosts or names.addresses):
        raise ValueError("a serving certificate needs at least one name")
    issuer = authority.certificate
    key = ec.generate_private_key(ec.SECP256R1())
    short = (host for host in names.hosts if len(host) <= _LONGEST_COMMON_NAME)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(next(short, str(next(iter(names.addresses), "webhook")))))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(min(now + lifetime, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [*map(x509.DNSName, names.hosts), *map(x509.IPAddress, names.addresses)]
            ),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
    )
    return Leaf(builder.sign(authority.key, hashes.SHA256()), key)


def names_in(certificate: x509.Certificate) -> Names:
    """The names that *certificate* vouches for."""
    try:
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Names()
    return Names(
        tuple(held.get_values_for_type(x509.DNSName)),
        tuple(
            address
            for address in held.get_values_for_type(x509.IPAddress)
            if isinstance(address, IPv4Address | IPv6Address)
        ),
    )


def beyond(authority: x509.Certificate, names: Names) -> Names:
    """Those of *names* that *authority* may not vouch for: a leaf for them would not be believed."""
    try:
        constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return Names()
    permitted = [subtree.value for subtree in constraints.permitted_subtrees or ()]
    hosts = [value for value in permitted if isinstance(value, str)]
    networks = [value for value in permitted if isinstance(value, IPv4Network | IPv6Network)]
    return Names(
        tuple(
            host
            for host in names.hosts
            if not any(host == above or host.endswith(f".{above}") for above in hosts)
        ),
        tuple(address for address in names.addresses if not any(address in network for network in networks)),
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 digest of *certificate*, written as ``openssl x509 -fingerprint`` writes it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _constraints(permitted: Names) -> x509.NameConstraints:
    # A kind of name that no constraint speaks of would be free.
    anything = [x509.IPAddress(ip_network(network)) for network in ("0.0.0.0/0", "::/0")]
    return x509.NameConstraints(
        permitted_subtrees=[
            *map(x509.DNSName, permitted.hosts),
            *(x509.IPAddress(ip_network(address)) for address in permitted.addresses),
        ],
        excluded_subtrees=None if permitted.addresses else anything,
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
