"""Settings from the environment: each is one variable with a default that is right for one machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from xiuhua.config.env import choice, database, home, ledger_key, listed, secret_key, value, whole

BASE = Path(__file__).resolve().parents[1]
HOME = home()

DEBUG = os.environ.get("XIUHUA_DEBUG", "") == "1"
SECRET_KEY = secret_key(HOME)
LEDGER_KEY = ledger_key(SECRET_KEY)
#: Events whose deliveries are all done leave the outbox after so many days.
OUTBOX_DAYS = int(os.environ.get("XIUHUA_OUTBOX_DAYS", "30"))
#: Where the nightly job writes the head of the ledger's chain; best on another machine's disk.
ANCHORS = Path(os.environ.get("XIUHUA_ANCHORS", HOME / "anchors.jsonl"))
ALLOWED_HOSTS = os.environ.get("XIUHUA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DATABASES: dict[str, Any] = {"default": database(HOME)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "xiuhua.kernel",
    "xiuhua.analytics",
    "xiuhua.ui",
    "xiuhua.files",
    "xiuhua.privacy",
    "xiuhua.territory",
    "xiuhua.clock",
    "xiuhua.taxonomy",
    "xiuhua.responsibility",
    "xiuhua.cases",
    "xiuhua.exchange",
    "xiuhua.insight",
    "xiuhua.assessment",
    "xiuhua.disclosure",
    "xiuhua.notices",
    "xiuhua.web",
]
AUTH_USER_MODEL = "responsibility.User"
MIDDLEWARE = [
    "xiuhua.web.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "xiuhua.web.guard.AccountMiddleware",
    "xiuhua.web.guard.DoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xiuhua.web.access.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "xiuhua.web.headers.HeadersMiddleware",
    "xiuhua.web.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "xiuhua.config.urls"
WSGI_APPLICATION = "xiuhua.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xiuhua.web.context.chrome",
            ],
        },
    },
]

#: Where this site is for who follows a link from outside: "https://xh.example"; without it messages carry no links.
SITE_URL = os.environ.get("XIUHUA_URL", "")
#: Mail goes out where XIUHUA_SMTP_HOST is given; else nothing is sent, and administrators hand links over.
EMAIL_HOST = os.environ.get("XIUHUA_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("XIUHUA_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("XIUHUA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = value("XIUHUA_SMTP_PASSWORD")
EMAIL_USE_TLS = os.environ.get("XIUHUA_SMTP_SECURITY", "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("XIUHUA_SMTP_SECURITY", "starttls") == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("XIUHUA_SMTP_FROM", "xiuhua@localhost")
#: Webhooks reach public https addresses only; "host:port" places named here are called whatever they are.
CALLS_ALLOWED = tuple(filter(None, os.environ.get("XIUHUA_CALLS_ALLOWED", "").split(",")))
CALLS_PLAIN = os.environ.get("XIUHUA_CALLS_PLAIN", "") == "1"
#: Relays of robots within the house, by apprise's name of the vendor: {"wecombot": "http://relay.example:8080"}.
ROBOTS = {
    name: os.environ[f"XIUHUA_ROBOT_{name.upper()}"]
    for name in ("wecombot", "dingtalk", "feishu", "lark")
    if f"XIUHUA_ROBOT_{name.upper()}" in os.environ
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"
#: Requests that one token or session may make of the API in a minute, per server process.
API_PER_MINUTE = whole("XIUHUA_API_PER_MINUTE", 600)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}

#: Everything that is the tenant's own data or may differ by place lives in packs.
PACKS = Path(os.environ.get("XIUHUA_PACKS", BASE.parents[1] / "packs"))

#: The content store, and the largest photo it takes in bytes.
FILES = Path(os.environ.get("XIUHUA_FILES", HOME / "files"))
#: Days for which an uploaded table waits to be imported before it is forgotten.
INTAKE_DAYS = whole("XIUHUA_INTAKE_DAYS", 14)
FILES_PHOTO_BYTES = int(os.environ.get("XIUHUA_PHOTO_BYTES", str(20 << 20)))
#: A font for marks on photos, and where fonts are looked for.
FILES_FONT = os.environ.get("XIUHUA_FONT", "")
FILES_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)

#: Accounts (docs/accounts.md). The address people type, for links that are sent; no request's header decides it.
SITE_URL = os.environ.get("XIUHUA_URL", "http://127.0.0.1:8000").rstrip("/")
PASSWORD_PROFILE = choice("PASSWORD_PROFILE", ("asvs", "mlps3"))
PASSWORD_DAYS, PASSWORD_HISTORY = whole("PASSWORD_DAYS", None), whole("PASSWORD_HISTORY", None)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = []  # responsibility.rules.passwords decides
#: Wrong tries from one place in a quarter of an hour, whatever the account: an office often has one address.
TRIES_PER_PLACE = whole("XIUHUA_TRIES_PER_PLACE", 20)
#: Keys of before, so that a new SECRET_KEY does not make every second factor void at once.
SECRET_KEY_FALLBACKS = value("SECRET_KEY_FALLBACKS").split()
#: Device → minutes that a session may lie idle, hours that it lasts at all.
SESSION_LIFETIMES = {"desk": (whole("XIUHUA_IDLE_MINUTES", 30), 24), "phone": (12 * 60, 7 * 24)}
#: Peers whose X-Forwarded-* is believed: addresses or networks.
TRUSTED_PROXIES = listed("XIUHUA_TRUSTED_PROXIES")

HTTPS = os.environ.get("XIUHUA_HTTPS", "") == "1"
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "xiuhua.web.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_AGE = 24 * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "xiuhua.web.cookies.Messages"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
