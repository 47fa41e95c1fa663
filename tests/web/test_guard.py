"""What other sites must not be able to do: be us, frame us, send forms, read, flood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gia_nlp.web.guarding import LONGEST_BODY

HOST = "http://localhost:8765"
RID = "in/水利局2024.txt"


@pytest.mark.parametrize(
    "path",
    ["/", "/search", f"/report?id={RID}", "/static/page.js", "/nope", "/download?table=facts", "/report?id=none"],
)
def test_every_answer_has_the_headers(client: Any, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8765", 200), ("127.0.0.1:8765", 200), ("[::1]:8765", 200), ("LOCALHOST", 200), ("evil.example", 400), ("evil.example:8765", 400),
     ("localhost.evil.example", 400), ("127.0.0.1.evil.example", 400), ("192.168.1.5:8765", 400), ("", 400), ("localhost@evil.example", 400)],
)  # fmt: skip
def test_only_this_machines_names(client: Any, host: str, status: int) -> None:
    assert client.get("/", headers={"host": host}).status_code == status


def test_an_open_server_takes_addresses_and_the_names_it_was_given(index: Any) -> None:
    from starlette.testclient import TestClient

    from gia_nlp.web import make_app

    open_client = TestClient(make_app(index, host="0.0.0.0", names=("reports.lan",)), base_url=HOST)
    for host, status in (("192.168.1.5:8765", 200), ("reports.lan:8765", 200), ("evil.example", 400)):
        assert open_client.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://localhost:9999"}, {"origin": "", "referer": "http://evil.example/"},
     {"origin": ""}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_forms_of_other_sites_are_refused(client: Any, form: Any, annotations: Path, headers: dict[str, str]) -> None:
    assert client.post("/save", data=form(RID, "f1"), headers=headers).status_code == 403
    assert not annotations.exists()


def test_a_form_needs_the_token(client: Any, form: Any, annotations: Path) -> None:
    for token in ("", "x", "é"):
        assert client.post("/save", data=form(RID, "f1", token=token)).status_code == 403
    assert not annotations.exists()


def test_a_referer_of_ours_will_do_without_an_origin(client: Any, form: Any) -> None:
    answer = client.post(
        "/save", data=form(RID, "f1"), headers={"origin": "", "referer": f"{HOST}/edit"}, follow_redirects=False
    )
    assert answer.status_code == 303


def test_long_bodies_and_other_methods(client: Any) -> None:
    assert client.post("/save", content=b"x" * (LONGEST_BODY + 1)).status_code == 413
    assert client.post("/save", content=b"a=1&" * 500).status_code == 400
    assert client.post("/save", content=b"token=\xff").status_code in (400, 403)
    assert client.get("/save").status_code in (404, 405)
    assert client.delete("/report").status_code == 405
    for path in ("/docs", "/openapi.json", "/redoc"):
        assert client.get(path).status_code == 404


def test_a_server_without_corrections_cannot_be_written(index: Any, form: Any) -> None:
    from starlette.testclient import TestClient

    from gia_nlp.web import make_app

    reader = TestClient(make_app(index), base_url=HOST, headers={"origin": HOST})
    assert reader.get(f"/edit?id={RID}&mark=f1").status_code == 403
    assert reader.post("/save", data=form(RID, "f1")).status_code == 403
    page = reader.get(f"/report?id={RID}").text
    assert "/edit?" not in page
    assert "/save" not in page


def test_a_failure_says_nothing_of_the_program(client: Any, monkeypatch: pytest.MonkeyPatch, index: Any) -> None:
    monkeypatch.setattr(type(index), "errors", lambda *_: 1 / 0)
    answer = client.get("/errors")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "content-security-policy" in answer.headers
