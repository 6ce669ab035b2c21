"""The rules every page of the site must keep, checked before it is published.

The only script a page may hold is the figures' own, to the letter, under the policy that forbids others.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from affarsplan_data import interactive
from affarsplan_data.report.errors import PageStructureError

_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_FORBIDDEN = {"script", "iframe", "object", "embed", "base", "form"}
# Attributes that make a browser fetch something by itself. A link in the text fetches nothing.
_FETCHING = {"src", "srcset", "poster", "data", "background", "href", "xlink:href"}
_POLICY = {"http-equiv": "Content-Security-Policy", "content": interactive.policy()}
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript):", re.IGNORECASE)
_HEADING = re.compile(r"<(h[1-6])\b.*?</\1>", re.DOTALL)
_REMOTE_CSS = re.compile(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """One heading: its level, its id and its text."""

    level: int
    id: str
    text: str


@dataclass
class _Outline(HTMLParser):
    headings: list[Heading] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: tuple[int, str, list[str]] | None = None
        self._style = False
        self._script: list[str] | None = None
        self._stack: list[str] = []
        self.scripts = 0
        self.policies = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._stack.append(tag)
        found = dict(attrs)
        if identity := found.get("id"):
            self.ids[identity] += 1
        if re.fullmatch(r"h[1-6]", tag):
            self._open = (int(tag[1]), identity or "", [])
        self._style = tag == "style"
        self._check(tag, found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._style = False
        if tag not in _VOID:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[2].append(data)
        if self._script is not None:
            self._script.append(data)
        if self._style and _REMOTE_CSS.search(data):
            self.problems.append("en stilmall hämtar något från en annan plats")

    def handle_endtag(self, tag: str) -> None:
        self._style = False
        if tag == "script" and self._script is not None:
            self._check_script("".join(self._script))
            self._script = None
        if self._stack and self._stack[-1] == tag:
            self._stack.pop()
        else:
            self.problems.append(f"</{tag}> stänger inget som är öppet")
        if self._open and tag == f"h{self._open[0]}":
            level, identity, parts = self._open
            self.headings.append(Heading(level, identity, " ".join("".join(parts).split())))
            self._open = None

    def close(self) -> None:
        super().close()
        self.problems += [f"<{tag}> stängs aldrig" for tag in self._stack]

    def _check_script(self, text: str) -> None:
        self.scripts += 1
        if text != interactive.source() or self.scripts > 1:
            self.problems.append("elementet <script> får inte finnas")
        elif not self.policies:
            self.problems.append("figurernas skript saknar regeln som stänger ute andra skript")

    def _check(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        if tag == "script" and not attrs and self._stack[-2:-1] == ["body"]:
            self._script = []
        elif tag in _FORBIDDEN:
            self.problems.append(f"elementet <{tag}> får inte finnas")
        if any(name.startswith("on") or name == "formaction" for name in attrs):
            self.problems.append(f"<{tag}> har ett skriptattribut")
        if tag == "meta" and "http-equiv" in attrs:
            if attrs == _POLICY:
                self.policies += not self.scripts
            else:
                self.problems.append("<meta http-equiv> får inte finnas")
        if any(_SCRIPT.match(value or "") for value in attrs.values()):
            self.problems.append(f"<{tag}> har en länk som kör skript")
        if tag == "img" and not attrs.get("alt"):
            self.problems.append("en bild saknar textalternativ (alt)")
        fetching = _FETCHING - {"href"} if tag == "a" else _FETCHING
        for name in fetching & set(attrs):
            if _REMOTE.match(attrs[name] or ""):
                self.problems.append(f"<{tag}> hämtar {attrs[name]}")
        if _REMOTE_CSS.search(attrs.get("style") or ""):
            self.problems.append(f"<{tag}> hämtar något från en annan plats")


def outline(html: str) -> tuple[Heading, ...]:
    """Return the headings of a page or a part of one, in order."""
    # They are a small part of a page, and the rest takes its time to parse.
    return tuple(_parsed("".join(found[0] for found in _HEADING.finditer(html))).headings)


def check_page(name: str, html: str) -> None:
    """Check one whole page.

    Raises:
        PageStructureError: a tag is not closed, not exactly one h1, a heading level is skipped, an
            id stands twice, a link within the page leads nowhere, or something would be fetched or
            run. All problems are named.
    """
    parsed = _parsed(html)
    problems = [*parsed.problems, *_heading_problems(parsed.headings)]
    problems += [f"id ”{i}” står {n} gånger" for i, n in parsed.ids.items() if n > 1]
    if html.count("<!--") != html.count("-->"):
        problems.append("en kommentar stängs aldrig")
    anchors = set(re.findall(r'<a\b[^>]*\shref="#([^"]+)"', html))
    problems += [
        f"länken #{anchor} leder ingenstans" for anchor in sorted(anchors - set(parsed.ids))
    ]
    if problems:
        raise PageStructureError(f"Sidan {name}: {'; '.join(dict.fromkeys(problems))}.")


def _heading_problems(headings: list[Heading]) -> list[str]:
    problems = []
    ones = [heading for heading in headings if heading.level == 1]
    if len(ones) != 1:
        problems.append(f"sidan har {len(ones)} rubriker på nivå 1, ska ha en")
    last = 0
    for heading in headings:
        if heading.level > last + 1:
            problems.append(
                f"rubriken ”{heading.text}” är på nivå {heading.level} direkt efter nivå {last}"
            )
        last = heading.level
    return problems


def _parsed(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    parser.close()
    return parser
