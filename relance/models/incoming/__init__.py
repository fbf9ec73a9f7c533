"""How does what other software says come into the ledger, and go from it again?"""
