"""For the test suite: parameters and rules as the program ships them."""

from importlib.util import find_spec

from yiwang.platform.rules import actions, queries

# Spark is tried where the extra is installed (`make test-spark`): it weighs more than everything else together.
ENGINES = ["duckdb", "polars", *(["spark"] if find_spec("pyspark") else [])]


def publish() -> None:
    """Fill a fresh or emptied test database, and this process's memory, so that query counts don't depend on order."""
    actions.publish_files()
    queries.forget()
    queries.warm()
