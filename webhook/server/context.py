"""What connections are made with."""

import ssl
from pathlib import Path


def server_context(client_authority: Path | None = None) -> ssl.SSLContext:
    """A context for serving, still without a certificate: TLS 1.2 or newer, HTTP/1.1.

    With *client_authority*, a client may show a certificate; one that does not verify ends the handshake.
    Probes show none, so none is asked of everybody. Raises OSError and ssl.SSLError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    # The API server resumes nothing.
    context.num_tickets = 0
    if client_authority is not None:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context
