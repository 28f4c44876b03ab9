"""Takes the pictures of the README from a running demo: `tools/pictures.py URL USERNAME PASSWORD`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
#: File name → address, width, height.
PICTURES = {
    "month-phone": ("/", 412, 915),
    "ranking": ("/ranking/", 1440, 1060),
    "case": ("/cases/8001/", 1440, 1060),
    "map": ("/map/", 1440, 1060),
    "differences": ("/differences/?month=2026-10", 1440, 1060),
    "who": ("/duty/who/?class=暴露垃圾&lon=123.0458990&lat=31.4166129&day=2026-10-04", 1440, 1060),
    "outline": ("/territory/990101001001/outline/", 1440, 1060),
    "desk": ("/desk/", 1440, 900),
    "subject": ("/ranking/990101001008/?by=community&month=2026-10", 1440, 1060),
    "layers": ("/analysis/map/?month=2026-10", 1440, 1060),
}


def main(url: str, username: str, password: str) -> None:
    """Sign in and write one PNG per picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
        page.goto(f"{url}/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        for name, (address, width, height) in PICTURES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(url + address)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
