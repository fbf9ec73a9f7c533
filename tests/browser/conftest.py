"""Which browser looks at the demo company? Chromium where the machine has one; these tests are skipped where it has none.

Each file has a browser, a server and the demo company loaded once, and its tests follow one another on it.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localdate
from pytest_django.live_server_helper import LiveServer

from relance import dossier
from relance.demo import demo_dossier
from relance.models import Company, User

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the thread in which the tests ask the database
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAPER = {"width": 702, "height": 1032}  # A4 within margins of 12 mm, in the pixels of a page
PATIENCE = 90_000  # milliseconds, on the slowest machine: what does not come at all is waited for so long, and nothing else is


def follow(page, what) -> None:
    """Click what leads to another page, and wait for the whole of that page; what is asked of the old one, or of half a page, is chance."""
    with page.expect_navigation():
        (page.locator(what).first if isinstance(what, str) else what).click()


def enter(page) -> None:
    """Press Enter where that leads to another page, and wait for the whole of that page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def told(page) -> str:
    """What a page says of what was just done."""
    return page.locator(".message.success").first.inner_text().replace("\xa0", " ").strip()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """The browser of a file, closed after it: one that is left open takes a fifth of a core from the tests that follow."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def db(chromium, django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database, for all tests of a file, and committed, so that the server sees it; it is empty again after them.

    It stands in the place of the fixture that gives every test a transaction of its own.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def demo(db) -> Company:
    """The demo company."""
    return dossier.load(json.dumps(demo_dossier(localdate())).encode(), by="tests").company


@pytest.fixture(scope="module")
def served(demo: Company) -> Iterator[str]:
    """Where the pages of the demo company are."""
    server = LiveServer("localhost")
    server._live_server_modified_settings.enable()
    yield f"{server.url}/c/{demo.code}/"
    server._live_server_modified_settings.disable()
    server.stop()


@pytest.fixture(scope="module")
def session(served: str) -> dict[str, str]:
    """The cookie of the company's administrator, who reads French."""
    user = User.objects.create_user("malavoy@aubrelle.example", is_admin=True, language="fr")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": served}


@pytest.fixture(scope="module")
def windows(chromium, session) -> Iterator[dict[tuple[object, ...], object]]:
    """The windows that the tests of a file have opened: a new one is a process, which costs more than a page."""
    opened: dict[tuple[object, ...], object] = {}
    yield opened
    for window in opened.values():
        window.context.close()


@pytest.fixture
def look(chromium, served: str, session, windows) -> Callable[..., object]:
    """A page of the demo company, as its administrator sees it: ``look("aged/")``, on a desk unless said."""

    def page(path: str, *, size: dict[str, int] = DESK, dark: bool = False, scripts: bool = True) -> object:
        if (wanted := (*size.values(), dark, scripts)) not in windows:
            said = {"viewport": size, "color_scheme": "dark" if dark else "light", "java_script_enabled": scripts}
            context = chromium.new_context(locale="fr-FR", reduced_motion="reduce", **said)
            context.set_default_timeout(PATIENCE)
            context.add_cookies([session])
            windows[wanted] = context.new_page()
        windows[wanted].goto(served + path)
        return windows[wanted]

    return page
