"""Signing in on the local cloud: the product's own code flow against the engine's directory."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.cloud import Desk, LocalCloud


@pytest.mark.parametrize(("person", "role"), [("dana", "agent"), ("noa", "lead")])
def test_a_demo_person_signs_in_and_is_who_they_are(cloud: LocalCloud, person: str, role: str) -> None:
    me = cloud.signed_in(person).get("/api/v1/me").json()
    assert me["agent"]["name"].lower().startswith(person)
    assert me["agent"]["roles"] == [role]
    assert me["brand"]["id"] == "acme"


def test_nobody_is_let_in_without_a_sign_in(cloud: LocalCloud) -> None:
    assert requests.get(f"{cloud.desk}/api/v1/me", timeout=30).status_code == 401


def test_the_development_sign_in_knows_only_the_demo_people(cloud: LocalCloud) -> None:
    answer = Desk(cloud.desk).request("POST", "/dev/sign-in", data={"person": "mallory", "request": "a=b"})
    assert answer.status_code == 400


def test_a_wrong_password_is_refused_by_the_directory_itself(cloud: LocalCloud) -> None:
    client_id = cloud.client("ssm").get_parameter(Name="/hark/hark/sign-in/client")["Parameter"]["Value"]
    form = {
        "client_id": client_id,
        "redirect_uri": f"{cloud.desk}/auth/callback",
        "response_type": "code",
        "username": "dana@acme.example",
        "password": "guessed-guessed",
    }
    answer = requests.post(f"{cloud.outputs['engine']}/login", form, allow_redirects=False, timeout=30)
    assert "location" not in answer.headers
    assert "Incorrect username or password" in answer.text


def test_choosing_a_person_in_the_browser_opens_the_desk(cloud: LocalCloud, page: Page) -> None:
    page.goto("/auth/login")
    expect(page.get_by_role("heading", level=1)).to_have_text("Development sign-in — local cloud only")
    page.get_by_role("button", name="Aisha Rahman").click()
    page.wait_for_url(f"{cloud.desk}/**")
    answer = page.request.get("/api/v1/me")
    assert answer.json()["agent"]["name"] == "Aisha Rahman"
