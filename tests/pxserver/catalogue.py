"""The list of tables: rows, search, pages and the links between pages, with their faults."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.pxserver import problems
from tests.pxserver.model import Table

Row = dict[str, Any]
SUFFIXES = (
    "heterna", "hetens", "heten", "arna", "erna", "orna", "ande", "ende", "aste", "andet", "heter",
    "arne", "ades", "ast", "are", "ern", "ade", "ens", "het", "ets", "ar", "er", "or", "en", "et",
    "es", "ad", "as", "at", "a", "e", "s",
)  # fmt: skip


def row(table: Table, language: str, links: str) -> Row:
    """Return a table's row in the list, or the row recorded for it."""
    if table.row is not None:
        return table.row
    periods = list(table.time.values) if table.time else ["", ""]
    label = table.translations.get(language, table.label)
    return {
        "id": table.id,
        "label": label,
        "description": "",
        "sortCode": label,
        "updated": table.updated,
        "firstPeriod": periods[0],
        "lastPeriod": periods[-1],
        "category": "public",
        "variableNames": [v.label for v in table.variables],
        "source": table.publisher,
        "subjectCode": table.subject,
        "timeUnit": table.time_unit,
        **({"discontinued": table.discontinued} if table.discontinued is not None else {}),
        "paths": [[{"id": i, "label": text, "sortCode": text} for i, text in table.path]],
        "links": _links(table, language, links),
    }


def _links(table: Table, language: str, links: str) -> list[dict[str, str]]:
    here = f"{links}/tables/{table.id}"
    others = [other for other in table.languages if other != language]
    return [
        _link("self", language, f"{here}?lang={language}"),
        *(_link("alternate", other, f"{here}?lang={other}") for other in others),
        _link("metadata", language, f"{here}/metadata?lang={language}"),
        _link("data", language, f"{here}/data?lang={language}&outputFormat=json-stat2"),
    ]


def _link(rel: str, language: str, href: str) -> dict[str, str]:
    return {"rel": rel, "hreflang": language, "href": href}


def filler(number: int, links: str) -> Row:
    """Return a row for a table that is only in the list, to make the list as long as SCB's."""
    table = {"id": f"TAB{90000 + number}", "label": f"SYNTETISKA TESTDATA: utfyllnad nr {number}"}
    return {
        **table,
        "description": "",
        "sortCode": f"{number:05}",
        "updated": "2020-01-01T07:00:00Z",
        "firstPeriod": "2000",
        "lastPeriod": "2019",
        "category": "public",
        "variableNames": ["region", "tabellinnehåll", "år"],
        "source": "SYNTETISKA TESTDATA",
        "subjectCode": "XX",
        "timeUnit": "Annual",
        "paths": [[]],
        "links": [_link("self", "sv", f"{links}/tables/{table['id']}?lang=sv")],
    }


def search(rows: Iterable[Row], parameters: Mapping[str, str]) -> list[Row]:
    """Return the rows that the parameters ask for."""
    words = parameters.get("query", "").split()
    found = [r for r in rows if all(_matches(r, word) for word in words)]
    if parameters.get("includediscontinued", "").lower() != "true":
        found = [r for r in found if not r.get("discontinued")]
    days = _whole(parameters, "pastDays")
    if days is not None:
        since = datetime.now(UTC) - timedelta(days=days)
        found = [r for r in found if r["updated"] and _moment(r["updated"]) >= since]
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def stem(word: str) -> str:
    """Return a word without its ending, roughly as the server's index does it."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word.removesuffix(suffix)
            break
    return word[:-1] if word.endswith(("dd", "gd", "nn", "dt", "gt", "kt", "tt")) else word


def _matches(row: Row, word: str) -> bool:
    """Say whether a row has a word; a word with ``*`` is compared with stems, itself unstemmed."""
    text = " ".join([row["id"], row["label"], *row["variableNames"], row["subjectCode"]])
    tokens = {stem(token) for token in re.findall(r"\w+", text.lower())}
    word = word.lower()
    if "*" in word:
        pattern = re.escape(word).replace(r"\*", ".*")
        return any(re.fullmatch(pattern, token) for token in tokens)
    return all(stem(part) in tokens for part in re.findall(r"\w+", word))


def page(
    found: Sequence[Row], parameters: Mapping[str, str], language: str, links: str
) -> dict[str, Any]:
    """Return one page of the list, or the refusal of a page beyond the last."""
    size = _positive(parameters, "pageSize", 20)
    number = _positive(parameters, "pageNumber", 1)
    last = max(1, -(-len(found) // size))
    if number > last:
        raise problems.unknown_page()

    def href(n: int) -> str:
        # The query stands as it was typed, and includeDiscontinued is lost: so does the server.
        query = f"&query={parameters['query']}" if parameters.get("query") else ""
        past = f"&pastDays={parameters['pastdays']}" if parameters.get("pastdays") else ""
        return f"{links}/tables/?lang={language}{query}&pagesize={size}&pageNumber={n}{past}"

    around = []
    if number < last:
        around.append(_link("next", language, href(number + 1)))
    if number > 1:
        around.append(_link("previous", language, href(number - 1)))
    if last > 1:
        around.append(_link("last", language, href(last)))
    return {
        "language": language,
        "tables": list(found[(number - 1) * size : number * size]),
        "page": {
            "pageNumber": number,
            "pageSize": size,
            "totalElements": len(found),
            "totalPages": last,
            "links": around,
        },
        "links": [_link("self", language, href(number))],
    }


def _whole(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name.lower(), "")
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        raise problems.unbound(name, f"The value '{text}' is not valid.") from None
    return number


def _positive(parameters: Mapping[str, str], name: str, otherwise: int) -> int:
    number = _whole(parameters, name)
    return number if number is not None and number > 0 else otherwise
