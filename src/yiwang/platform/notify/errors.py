class CannotSend(Exception):
    """The gateway refused or did not answer; the message is tried again later."""
