"""How does a claim with its proofs become one file?"""
