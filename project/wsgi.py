import os

from django.core.wsgi import get_wsgi_application

import project.celery  # noqa: F401  (so that pages can wake a worker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = get_wsgi_application()
