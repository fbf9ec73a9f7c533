"""What do compressed bytes of a file hold? However large they claim to be, little of it is in memory at once."""

import hashlib
import zlib

_CHUNK = 1 << 20


def sha256_of(compressed: bytes) -> str:
    """Of the bytes that were compressed; empty when they cannot be had."""
    inflate, digest = zlib.decompressobj(), hashlib.sha256()
    try:
        digest.update(inflate.decompress(compressed, _CHUNK))
        while inflate.unconsumed_tail:
            digest.update(inflate.decompress(inflate.unconsumed_tail, _CHUNK))
    except zlib.error:
        return ""
    return digest.hexdigest() if inflate.eof else ""


def unzipped(compressed: bytes, most: int) -> bytes:
    """The bytes themselves. Raises ValueError where they are more than that."""
    inflate = zlib.decompressobj()
    content = inflate.decompress(compressed, most)
    if inflate.unconsumed_tail:
        raise ValueError(f"is larger than {most >> 20} MB")
    return content
