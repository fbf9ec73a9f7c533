"""What does Relance do? One file per arrow of the process, one transaction per thing done."""


class Refused(Exception):
    """What the user asked for is not done, and nothing of it is stored; the text says why, to the user."""


class Changed(Refused):
    """What somebody looked at is no longer so: it is not done before it has been looked at again."""
