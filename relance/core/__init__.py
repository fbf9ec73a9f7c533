"""The rules of dunning, pure: standard library only, no clock, no I/O; dates are arguments."""
