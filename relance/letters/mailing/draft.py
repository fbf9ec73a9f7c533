"""How does a message become a draft? With the header by which mail programs open it to be read over and sent, as if just written."""


def unsent(message: bytes) -> bytes:
    """The same message, which Outlook and Thunderbird open in a window where it can still be changed."""
    return b"X-Unsent: 1\r\n" + message
