"""What do lists, sheets and pages ask of the ledger? Each a file, each in a fixed number of queries."""
