"""Why something that was asked for is not done: a plain line for the person who asked."""


class Refused(Exception):
    """What was asked for cannot be done, with the reason and what helps; nothing was written."""
