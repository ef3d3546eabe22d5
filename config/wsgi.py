import io
import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def warm() -> None:
    """Answer the home page once to nobody: addresses, templates, rules and definitions are read before anyone waits.

    Whatever goes wrong here, the first real request says it better.
    """
    from django.conf import settings  # noqa: PLC0415 -- after the settings are known

    host = next((name for name in settings.ALLOWED_HOSTS if "*" not in name), "localhost")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    with suppress(Exception):
        application(environ, lambda _status, _headers, _trouble=None: io.BytesIO().write).close()


warm()
