"""How do other programs drive Relance? The verbs of the screens and of the command line as JSON, under ``/api/v1``."""
