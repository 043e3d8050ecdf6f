"""The differences that are meant, each with its reason."""


def accepted(case, aws, program):
    """Why the difference is accepted; None if it is not."""
    return None
