"""The WSGI application."""

from django.core.wsgi import get_wsgi_application

from xiuhua.config.setup import ready

ready()
application = get_wsgi_application()
