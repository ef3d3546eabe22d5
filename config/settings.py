"""Settings describe the machine; parameters (``platform.rules``) describe the union.

Every setting comes from the environment or from ``var/settings.env`` through the loud helpers below:
a value that is missing or malformed stops the start with one sentence that says what to write where.
"""

from pathlib import Path

import django_stubs_ext

from config.environment import env_choice, env_int, env_list, env_secret, env_str, postgres_url, var_dir
from config.logs import logging_config

# Generic Django classes (ModelForm[Case]) at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

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
    "yiwang.platform.draws",
    "yiwang.platform.ballots",
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
    "yiwang.grassroots.founding",
    "yiwang.grassroots.joining",
    "yiwang.grassroots.cadres",
    "yiwang.grassroots.practices",
    "yiwang.net.payments",
    "yiwang.net.notices",
    "yiwang.rights.aid",
    "yiwang.rights.congress",
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
    "yiwang.platform.ballots.middleware.BoxMiddleware",  # first: a ballot meets nothing else
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "yiwang.register.accounts.middleware.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "yiwang.register.accounts.middleware.TooManyTriesMiddleware",
    "yiwang.register.access.middleware.IdleSessionMiddleware",
    "yiwang.register.access.middleware.StaffSecondFactorMiddleware",
    "yiwang.platform.files.middleware.HeldFilesMiddleware",
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
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yiwang.platform.ui.context.ui",
                "yiwang.portal.navigation.navigation",
            ],
        },
    },
]

DATABASES = {"default": postgres_url("DATABASE_URL", VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "yiwang.register.accounts.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "yiwang.register.accounts.validators.NotCommon"},
    {"NAME": "yiwang.register.accounts.validators.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Rate limits and locks must be one for all web processes: the cache is an unlogged table (accounts, migration 0002).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Sign-in (django-allauth): a number and a code; password, authenticator and passkey for those who want or need them.
ACCOUNT_ADAPTER = "yiwang.register.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_FRESH_SECONDS = 600
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_FORMS = {
    "login": "yiwang.register.accounts.forms.LoginForm",
    "signup": "yiwang.register.accounts.forms.SignupForm",
    "request_login_code": "yiwang.register.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "yiwang.register.accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "yiwang.register.accounts.forms.VerifyPhoneForm",
    "change_phone": "yiwang.register.accounts.forms.ChangePhoneForm",
    "set_password": "yiwang.register.accounts.forms.SetPasswordForm",
    "change_password": "yiwang.register.accounts.forms.ChangePasswordForm",
    "reauthenticate": "yiwang.register.accounts.forms.ReauthenticateForm",
}
# Many workers share one address of a factory, so addresses get room and each number is watched closely.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/15m/key",
    "request_login_code": "120/m/ip,3/5m/key,15/d/key",
    "signup": "60/m/ip",
    "verify_phone": "120/m/ip,3/5m/key,15/d/key",
    "change_phone": "5/h/user",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "mandate": "10/h/user",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("YIWANG_TRUSTED_PROXIES", 0)
MFA_ADAPTER = "yiwang.register.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_FORMS = {
    "authenticate": "yiwang.register.accounts.forms.AuthenticateForm",
    "reauthenticate": "yiwang.register.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "yiwang.register.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "yiwang.register.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "yiwang.register.accounts.forms.EditPasskeyForm",
}

# Sessions: the idle limits are kept by access.middleware; the cookie outlives them.
STAFF_NEEDS_SECOND_FACTOR = not DEMO
STAFF_IDLE_SECONDS = env_int("YIWANG_STAFF_IDLE_MINUTES", 30) * 60
WORKER_IDLE_SECONDS = env_int("YIWANG_WORKER_IDLE_MINUTES", 12 * 60) * 60
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "yw_session" if DEMO else "__Host-yw_session"

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

# Files: a file may have FILE_LIMIT; a photo PHOTO_LIMIT, for it is drawn anew and then fits; the rest of an upload
# is dropped.
MEGABYTE = 1024 * 1024
FILE_LIMIT = env_int("YIWANG_FILE_LIMIT_MB", 10) * MEGABYTE
PHOTO_LIMIT = env_int("YIWANG_PHOTO_LIMIT_MB", 30) * MEGABYTE
UPLOAD_CEILING = env_int("YIWANG_UPLOAD_CEILING_MB", 200) * MEGABYTE
FILE_UPLOAD_HANDLERS = ["yiwang.platform.files.uploads.BoundedUploadHandler"]
# “none”, “unix:/run/clamav/clamd.ctl” or “tcp:host:port”; in production it must be said, even if it is “none”.
SCANNER = env_str("YIWANG_SCANNER", "none" if DEMO else None)
# nginx serves the content itself: the internal location under which MEDIA_ROOT lies, e.g. “/protected”.
ACCEL_PREFIX = env_str("YIWANG_ACCEL_PREFIX", "")
# Papers: folders with licensed fonts (仿宋, 小标宋) beside the packaged ones; a folder of own Word letters <kind>.docx.
FONT_FOLDERS = [part for part in env_str("YIWANG_FONT_FOLDERS", "").split(",") if part]
LETTER_FOLDER = VAR_DIR / "letters"
DOCUMENT_POLICIES = "config.document_policies.DOCUMENT_POLICIES"
UPLOAD_PLACES = "config.document_policies.UPLOAD_PLACES"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True

# Field encryption: key ring "id:base64key,…"; the first key encrypts, all decrypt.
FIELD_KEYS = env_secret("YIWANG_FIELD_KEYS", VAR_DIR / "field-keys", kind="keyring")
BLIND_INDEX_KEY = env_secret("YIWANG_BLIND_INDEX_KEY", VAR_DIR / "blind-index-key")

REACTIONS = "config.reactions.REACTIONS"
SCOPES = "yiwang.register.access.policies.scope_paths"  # who may see figures of which subtree
MEMBERS_STAYING = "yiwang.register.members.queries.staying_in"  # how many still belong to a body to be closed
MEMBER_TRANSFER = (
    "yiwang.register.members.actions.memberships.transfer_members_of"  # members follow a merger or a split
)

# One JSON line an event, each with the id of its request; personal facts never go here (kernel.crypto masks).
LOG_LEVEL = env_choice("YIWANG_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING" if DEMO else "INFO")
LOGGING = logging_config(LOG_LEVEL, VAR_DIR / "log")
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None

# A killed worker is noticed after 20 s; sync tasks run in threads; a long job stops at a batch on SIGTERM and goes on
# later.
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 5,
    "stalled_worker_timeout": 20,
    "delete_jobs": "successful",
    "concurrency": 4,
    "shutdown_graceful_timeout": 10,
}

# How often a process looks whether parameters or rules were published elsewhere.
RULES_RECHECK_SECONDS = 5
