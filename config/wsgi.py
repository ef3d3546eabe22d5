import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from yiwang.platform.rules import queries as rules  # noqa: E402 -- needs settings first

rules.warm()
