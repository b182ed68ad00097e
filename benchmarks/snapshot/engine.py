"""The engine of Open Terms Archive: installed from npm, and run without a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.measuring import environment, progress

PACKAGE = "@opentermsarchive/engine"
# It starts a browser even if no page is to be rendered. None is here, so that its time is its own.
_START = """\
import puppeteer from 'puppeteer-extra';
puppeteer.launch = async () => ({ close: async () => {} });
await import('./node_modules/@opentermsarchive/engine/bin/ota-track.js');
"""


def installed(cache: Path) -> tuple[Path, str] | str:
    """The script that starts it, and its version; else why it cannot be run."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node and npm are not here"
    folder = cache / "engine"
    about = folder / "node_modules" / PACKAGE / "package.json"
    if not about.exists():
        progress(f"installing {PACKAGE}")
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE],
            env=environment() | {"PUPPETEER_SKIP_DOWNLOAD": "1", "HOME": os.environ["HOME"]},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return f"npm cannot install it: {done.stderr.strip()[-200:]}"
    script = folder / "track.mjs"
    script.write_text(_START)
    return script, str(json.loads(about.read_text())["version"])
