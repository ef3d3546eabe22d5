"""Structured logs: one JSON object a line on standard error and in a rotating file, with the request's id."""

from pathlib import Path
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def logging_config(level: str, folder: Path) -> dict[str, Any]:
    """Django's ``LOGGING``; also tells structlog to hand its events to the same handlers."""
    folder.mkdir(parents=True, exist_ok=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            *SHARED[1:],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "level": level},
            "file": {
                "class": "logging.handlers.RotatingFileHandler",
                "filename": str(folder / "yiwang.log"),
                "maxBytes": 20_000_000,
                "backupCount": 5,
                "formatter": "json",
                "level": "INFO",
                "delay": True,
            },
        },
        "root": {"handlers": ["stderr", "file"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }
