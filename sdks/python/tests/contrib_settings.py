"""Settings of Django for the tests that need them."""

from __future__ import annotations

from django.conf import settings  # type: ignore[import-untyped]


def configure_django() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=False)
