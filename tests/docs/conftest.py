"""Chromium, as the tests of the dashboards have it."""

from tests.serving_api.dashboard.conftest import browser as browser
