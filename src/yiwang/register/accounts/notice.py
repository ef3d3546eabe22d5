"""The privacy notice in force. A changed text gets a new version, so that everyone is asked again."""

NOTICE_VERSION = "2026-12"
