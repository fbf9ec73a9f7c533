"""Which browser looks at the demo company? Chromium where the machine has one; these tests are skipped where it has none."""

import json
import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils.timezone import localdate

from relance import dossier
from relance.demo import demo_dossier
from relance.models import User

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the thread in which the tests ask the database
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The browser of this run of the suite."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, live_server) -> Iterator[Callable[..., object]]:
    """A page of the demo company, as its administrator sees it: ``look("aged/")``, on a desk unless said."""
    company = dossier.load(json.dumps(demo_dossier(localdate())).encode(), by="tests").company
    client = Client()
    client.force_login(User.objects.create_user("malavoy@aubrelle.example", is_admin=True), "django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    opened = []

    def page(path: str, *, size: dict[str, int] = DESK, dark: bool = False, scripts: bool = True) -> object:
        context = chromium.new_context(
            viewport=size, color_scheme="dark" if dark else "light", locale="fr-FR", java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.add_cookies([session])
        opened.append(context)
        shown = context.new_page()
        shown.goto(f"{live_server.url}/c/{company.code}/{path}")
        return shown

    yield page
    for context in opened:
        context.close()
