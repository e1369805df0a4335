"""A one-way digest of what must not be readable on disk."""

from __future__ import annotations

try:  # hashlib would load OpenSSL, a tenth of a short command's time
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def digest(secret: str) -> str:
    """BLAKE2b (RFC 7693) of `secret`, 32 bytes in hexadecimal."""
    return blake2b(secret.encode(errors="surrogatepass"), digest_size=32).hexdigest()
