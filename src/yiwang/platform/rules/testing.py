"""For the test suite: parameters and rules as the program ships them."""

from yiwang.platform.rules import actions, queries


def publish() -> None:
    """Fill a fresh or emptied test database, and this process's memory, so that query counts don't depend on order."""
    actions.publish_files()
    queries.forget()
    queries.warm()
