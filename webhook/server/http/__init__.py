"""HTTP/1.1 over TLS on an event loop: connections on which nobody can keep anybody waiting."""
