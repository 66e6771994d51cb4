"""Forgotten passwords and second factors, as somebody meets them in a browser; by keyboard alone."""

import json
import re

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from hub.core.jobs.tables import Job
from hub.core.mail.outgoing import opened
from hub.core.permissions import Role
from hub.identity import accounts
from tests.browser.test_cases import assert_accessible
from tests.browser.test_live_page import sign_in
from tests.hub.clinic import PASSWORD, WHOLE, Clinic
from tests.hub.serving import Served, served

EMAIL = "ana@clinic.example"
NEW = "a quiet morning walk"


@pytest.fixture
def _ana(clinic: Clinic) -> None:
    with clinic.workplace.begin() as work:
        hashed = clinic.passwords.hash(PASSWORD)
        known = {"name": "ana", "password_hash": hashed, "email": EMAIL}
        accounts.create_account(work, WHOLE, role=Role.AGENT, facility="north", **known)


def typed(page: Page, *texts: str) -> None:
    """Into the field that has the focus, and those after it; then Enter."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        expect(page.locator("input:focus")).to_have_value("")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def the_link(clinic: Clinic) -> str:
    with clinic.workplace.read() as work:
        mails = work.session.exec(select(Job).where(Job.kind == "mail")).all()
        texts = [opened(work.vault, json.loads(mail.payload)).text for mail in mails]
    assert not any("/password/" in mail.payload for mail in mails)
    (path,) = {found[0] for text in texts if (found := re.search(r"/password/[\w-]+", text))}
    return path


@pytest.mark.usefixtures("_ana")
def test_a_forgotten_password_is_chosen_anew_once(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        page.goto(f"{server.url}/login")
        page.get_by_role("link", name="Forgotten password").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/password$"))
        assert_accessible(page)
        typed(page, EMAIL)
        expect(page.get_by_role("status")).to_contain_text("a link is on its way")
        link = server.url + the_link(clinic)
        page.goto(link)
        assert_accessible(page)
        typed(page, NEW, "something else altogether")
        expect(page.get_by_role("alert")).to_be_visible()
        page.goto(link)
        typed(page, NEW, NEW)
        page.wait_for_url(re.compile("/login$"))
        typed(page, EMAIL, NEW)
        page.wait_for_url(f"{server.url}/")
        assert page.goto(link) is not None
        expect(page.get_by_text("This link has been used or is too old")).to_be_visible()


@pytest.mark.usefixtures("_ana")
def test_a_second_factor_is_asked_for_from_then_on(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server, "ana", "/me")
        page.get_by_role("link", name="Set up a second factor").focus()
        page.keyboard.press("Enter")
        secret = page.locator("code.secret").inner_text()
        assert_accessible(page)
        typed(page, "000000")
        expect(page.locator("#code-problem")).to_be_visible()
        assert page.locator("code.secret").inner_text() == secret
        typed(page, pyotp.TOTP(secret).now())
        recovery = page.locator(".codes code").first
        expect(recovery).to_be_visible()
        assert_accessible(page)
        code = recovery.inner_text()
        page.context.clear_cookies()
        with_code(page, server, "123456")
        expect(page.get_by_role("alert")).to_be_visible()
        typed(page, code)
        page.wait_for_url(f"{server.url}/")
        page.context.clear_cookies()
        with_code(page, server, code)
        expect(page.get_by_role("alert")).to_be_visible()


def with_code(page: Page, server: Served, code: str) -> None:
    sign_in(page, server, "ana")
    page.wait_for_url(re.compile("/login"))
    page.get_by_label("The code that your authenticator app shows").wait_for()
    assert_accessible(page)
    typed(page, code)
