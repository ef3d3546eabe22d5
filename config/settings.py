"""Settings describe the machine; parameters (``platform.rules``) describe the union.

Every setting comes from the environment or from ``var/settings.env`` through the loud helpers below:
a value that is missing or malformed stops the start with one sentence that says what to write where.
"""

from pathlib import Path

from config.environment import env_bool, env_choice, env_list, env_secret, env_str, postgres_url, var_dir
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_dir()

# demo: loopback only, personas, console SMS. production: everything must be told explicitly.
MODE = env_choice("YIWANG_MODE", ("demo", "production"), "demo")
DEMO = MODE == "demo"
DEBUG = False
SECRET_KEY = env_secret("YIWANG_SECRET_KEY", VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"] if DEMO else env_list("YIWANG_HOSTS")
CSRF_TRUSTED_ORIGINS = [] if DEMO else [f"https://{host}" for host in ALLOWED_HOSTS]

INSTALLED_APPS = [
    "config",
    "yiwang.platform.ui",
    "yiwang.platform.journal",
    "yiwang.platform.jobs",
    "yiwang.platform.files",
    "yiwang.platform.notify",
    "yiwang.platform.counters",
    "yiwang.platform.text",
    "yiwang.platform.rules",
    "yiwang.platform.forms",
    "yiwang.platform.documents",
    "yiwang.register.accounts",
    "yiwang.register.organisations",
    "yiwang.register.access",
    "yiwang.register.members",
    "yiwang.register.imports",
    "yiwang.net.catalogue",
    "yiwang.net.cases",
    "yiwang.net.evaluation",
    "yiwang.insight",
    "yiwang.api",
    "yiwang.portal",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_structlog",
    "template_partials",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiwang.platform.ui.middleware.PageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yiwang.platform.ui.context.ui",
            ],
        },
    },
]

DATABASES = {"default": postgres_url("DATABASE_URL", VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

LOCALE_PATHS = [BASE_DIR / "src" / "yiwang" / "kernel" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 86400
MEDIA_ROOT = VAR_DIR / "files"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True

# Field encryption: key ring "id:base64key,…"; the first key encrypts, all decrypt.
FIELD_KEYS = env_secret("YIWANG_FIELD_KEYS", VAR_DIR / "field-keys", kind="keyring")
BLIND_INDEX_KEY = env_secret("YIWANG_BLIND_INDEX_KEY", VAR_DIR / "blind-index-key")

REACTIONS = "config.reactions.REACTIONS"

# One JSON line an event, each with the id of its request; personal facts never go here (kernel.crypto masks).
LOG_LEVEL = env_choice("YIWANG_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING" if DEMO else "INFO")
LOGGING = logging_config(LOG_LEVEL, VAR_DIR / "log")
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
