"""The pages in a browser, where there is one: nothing is wider than a phone, and the bundle prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What reaches over the right edge, but for tables that scroll by themselves; told in the title of the page.
MEASURE = """<script>addEventListener("load", () => setTimeout(() => {
  const wide = document.documentElement.clientWidth;
  const over = [...document.querySelectorAll("body *")].filter(one =>
    one.getBoundingClientRect().right > wide + 1 && !one.closest(".scroll") && !one.closest("svg"));
  document.title = `over: ${over.length}, page: ${document.documentElement.scrollWidth - wide}`;
}, 500))</script>"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


def browse(here: Path, *options: str) -> str:
    command = [str(BROWSER), *QUIET, f"--user-data-dir={here / 'profile'}", *options, (here / "b.html").as_uri()]
    return subprocess.run(command, capture_output=True, timeout=60, check=True, text=True).stdout


@pytest.mark.parametrize("width", [500, 1200])
@pytest.mark.parametrize("command", [("bundle", "--draft"), ("check",), ("validate",)], ids=lambda command: command[0])
def test_nothing_is_wider_than_the_window(command: tuple[str, ...], width: int, examples: Path, run: Any, here: Path) -> None:
    file = here / ("folder_with_a_name_that_breaks_nowhere" * 3) / "delivery.yaml"
    file.parent.mkdir(parents=True)
    wrong = b"no_such_section: 1\n" * (command[0] == "validate")
    file.write_bytes((examples / "made-with-ml.yaml").read_bytes() + wrong)
    page = run(*command, file, "--format", "html").out
    without_policy = re.sub("<meta http-equiv[^>]*>", "", page)  # which would not let us measure
    (here / "b.html").write_text(without_policy.replace("</head>", MEASURE + "</head>"), "utf-8")
    seen = browse(here, f"--window-size={width},900", "--virtual-time-budget=5000", "--dump-dom")
    assert re.findall("<title>(.*?)</title>", seen)[0] == "over: 0, page: 0"


def test_it_prints(examples: Path, run: Any, here: Path) -> None:
    run("bundle", examples / "ticket-routing.yaml", "--output", "b.html")
    browse(here, "--no-pdf-header-footer", f"--print-to-pdf={here / 'b.pdf'}")
    assert (here / "b.pdf").read_bytes().startswith(b"%PDF")
