"""The overlay for tests: fast password hashing, nothing else that production does not do."""

from config.settings import *  # noqa: F403 -- an overlay is meant to take everything

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": False}
MEDIA_ROOT = VAR_DIR / "test-files"  # noqa: F405 -- from the settings above
RULES_RECHECK_SECONDS = 0  # nothing is published from outside a test
WHITENOISE_AUTOREFRESH = True  # otherwise every test client reads the whole static folder first
