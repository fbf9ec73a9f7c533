"""How do people read the answers of the commands? Tables; the same facts as in JSON, in the company's language."""
