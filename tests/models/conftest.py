"""What else do tests of the models find? The company of the acceptance tests, driven through the command line."""

from tests.acceptance.conftest import post, relance, world

__all__ = ["post", "relance", "world"]
