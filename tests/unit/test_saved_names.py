"""Under which name a stranger's file is saved."""

from __future__ import annotations

import pytest
from hark.fetch.kind import Kind
from hark.web.media_routes import attachment


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("bill.pdf", "bill.pdf"), ("bill.PDF", "bill.pdf"), ("", "file.pdf"), ("..", "file.pdf"), (".pdf", "file.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil 1.pdf"), ('a"; filename="b.exe', "a filename=b.exe.pdf"),
        ("a.svg", "a.svg.pdf"), ("C:\\temp\\a.pdf", "a.pdf"), ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("\ud800.pdf", "file.pdf"),
        ("a\x00\u202e\u200f.pdf", "a.pdf"), ("%2e%2e%2fa.pdf", "2e2e2fa.pdf"),
    ],
)  # fmt: skip
def test_a_name_of_a_file_is_only_a_name(name: str, saved: str) -> None:
    made = attachment(name, Kind("application/pdf", ("pdf",)))
    assert made.startswith(f"attachment; filename=\"{saved}\"; filename*=UTF-8''")
    assert made.isascii()
    assert made.isprintable()
