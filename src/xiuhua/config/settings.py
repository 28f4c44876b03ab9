"""Settings from the environment: each is one variable with a default that is right for one machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from xiuhua.config.env import database, home, ledger_key, secret_key

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
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "xiuhua.kernel",
    "xiuhua.analytics",
    "xiuhua.ui",
    "xiuhua.files",
    "xiuhua.territory",
    "xiuhua.clock",
    "xiuhua.taxonomy",
    "xiuhua.responsibility",
    "xiuhua.cases",
    "xiuhua.exchange",
    "xiuhua.assessment",
    "xiuhua.web",
]
AUTH_USER_MODEL = "responsibility.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
#: Requests that one token or session may make of the API in a minute, per server process.
API_PER_MINUTE = int(os.environ.get("XIUHUA_API_PER_MINUTE", "600"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
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
