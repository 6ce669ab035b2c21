"""The script that makes figures respond to pointer, touch and keyboard; they are whole without it.

It is one file of our own, which lies here. A page holds it once, inline, so that it works from a folder
on disk too; in JupyterLab every figure brings it, and it installs itself the first time.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files


@cache
def source() -> str:
    """Return the script as pages hold it: without comments and indentation, on as many lines."""
    text = files(__package__).joinpath("figures.js").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def tag() -> str:
    """Return the script as an element, ready to stand in a page."""
    return f"<script>{source()}</script>"


@cache
def policy() -> str:
    """Return the content security policy that lets this script run and no other."""
    digest = base64.b64encode(hashlib.sha256(source().encode("utf-8")).digest()).decode("ascii")
    none = ("object-src", "connect-src", "frame-src", "form-action", "base-uri")
    return "; ".join([f"script-src 'sha256-{digest}'", *(f"{name} 'none'" for name in none)])
