"""The controls: they pass on what is picked and show what it gives, and decide nothing themselves."""

from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.explorer import options
from affarsplan_data.explorer.choice import Choice, Shown, fitted, offer
from affarsplan_data.explorer.saving import folder_for, save
from affarsplan_data.figures import interactive

_LABEL = {"description_width": "7.5em"}
_FULL = widgets.Layout(width="auto")
_TALL = widgets.Layout(width="auto", height="9em")
_COLUMN = widgets.Layout(width="min(31em, 98%)")
_SIDE_BY_SIDE = widgets.Layout(flex_flow="row wrap", align_items="flex-start")
_AS_TEXT = "line-height:1.45"
"""The widget that holds HTML gives every line the height of a control."""


class Explorer:
    """Controls above, and below them the figure with its table, the code, and a button that saves.

    ``choice`` is what is picked, ``shown`` what it shows, and ``box`` the widget that holds it all.
    """

    choice: Choice
    shown: Shown

    def __init__(self, choice: Choice) -> None:
        self.choice = fitted(choice)
        self._filling = False
        self._make_controls()
        self.box = widgets.VBox(
            [
                _columns([self._search, self._indicator], [self._region, self._compare]),
                _columns([self._split, self._form], [self._since, self._year]),
                self._message,
                self._figure,
                self._code,
                self._folder,
                self._button,
                self._saved,
                _figures_script(),
            ]
        )
        self._refresh()
        for control in self._controls.values():
            control.observe(self._on_pick, names="value")
        self._button.on_click(self._on_save)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    def __repr__(self) -> str:
        return self.choice.call

    def _make_controls(self) -> None:
        self._search = widgets.Text(
            description="Sök indikator",
            placeholder="till exempel företag kvinnor",
            continuous_update=False,
            style=_LABEL,
            layout=_FULL,
        )
        self._indicator = widgets.Select(
            description="Indikator", rows=7, style=_LABEL, layout=_TALL
        )
        self._region = widgets.Dropdown(
            description="Område",
            options=options.region_options(),
            value=self.choice.region,
            style=_LABEL,
            layout=_FULL,
        )
        self._compare = widgets.SelectMultiple(
            description="Jämför med",
            rows=7,
            style=_LABEL,
            layout=_TALL,
            tooltip="Håll ned Ctrl för att välja flera",
        )
        self._split, self._since, self._year, self._form = (
            widgets.Dropdown(description=text, style=_LABEL, layout=_FULL)
            for text in ("Grupper", "Från och med", "Till och med", "Diagramform")
        )
        self._controls = {
            "search": self._search,
            "indicator": self._indicator,
            "region": self._region,
            "compare": self._compare,
            "split": self._split,
            "since": self._since,
            "year": self._year,
            "form": self._form,
        }
        self._message, self._figure, self._code, self._saved = (widgets.HTML() for _ in range(4))
        self._folder = widgets.Text(description="Mapp", style=_LABEL, layout=_FULL)
        self._button = widgets.Button(
            description="Spara CSV, Excel, HTML och SVG i mappen",
            layout=widgets.Layout(width="24em", margin="2px 2px 2px 7.9em"),
        )

    def _on_pick(self, change: Any) -> None:
        if self._filling:
            return
        self._saved.value = ""
        try:
            if change["owner"] is self._search and not self._searched():
                return
            self.choice = fitted(self._picked())
            self._refresh()
        except Exception as error:
            # Whatever fails, an earlier figure must not stand beside the new choice.
            self._show(Shown(self.choice, None, f"Något gick fel i programmet: {error!r:.200}"))

    def _searched(self) -> bool:
        """Let the list hold what the words find; say so and leave it when they find nothing."""
        found = options.listed(self._search.value, self.choice.data)
        if not found:
            words = escape(self._search.value[:60])
            self._message.value = _status(
                f"Ingen indikator har orden ”{words}”. Pröva ett kortare ord."
            )
            return False
        kept = self.choice.indicator
        value = kept if kept in {id for _, id in found} else found[0][1]
        self._fill(self._indicator, list(found), value)
        return True

    def _picked(self) -> Choice:
        picked = {name: control.value for name, control in self._controls.items()}
        return replace(
            self.choice,
            indicator=picked["indicator"],
            region=picked["region"],
            compare=tuple(picked["compare"]),
            split=picked["split"] or None,
            since=int(picked["since"]) if picked["since"] else None,
            year=int(picked["year"]) if picked["year"] else None,
            form=picked["form"] or None,
        )

    def _refresh(self) -> None:
        choice, held = self.choice, offer(self.choice)
        found = list(options.listed(self._search.value, choice.data))
        if choice.indicator not in {id for _, id in found}:
            found = list(options.listed("", choice.data))
        self._fill(self._indicator, found, choice.indicator)
        self._fill(self._compare, options.compare_options(choice.region), choice.compare)
        self._fill(self._split, options.split_options(held), choice.split or "")
        years = options.year_options(held)
        self._fill(self._since, years, str(choice.since or ""))
        self._fill(self._year, years, str(choice.year or ""))
        self._fill(self._form, options.form_options(held), choice.form or "")
        self._folder.value = str(folder_for(choice))
        self._show(choice.shown())

    def _fill(self, control: Any, items: options.Options, value: Any) -> None:
        self._filling = True
        try:
            if list(control.options) != items:
                control.options = items
            control.value = value
        finally:
            self._filling = False

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self._message.value = _status(escape(shown.message)) if shown.message else ""
        html = shown.figure.html if shown.figure else ""
        self._figure.value = f'<div style="{_AS_TEXT}">{html}</div>' if html else ""
        self._code.value = (
            f'<div style="{_AS_TEXT}"><p>Samma figur i en egen cell:</p>'
            '<pre tabindex="0" role="region" aria-label="Kod" style="white-space:pre-wrap">'
            f"<code>{escape(shown.choice.code)}</code></pre></div>"
        )
        self._button.disabled = shown.figure is None

    def _on_save(self, _: Any) -> None:
        try:
            files = save(self.choice, self._folder.value)
        except AffarsplanError as error:
            self._saved.value = _status(escape(str(error)))
            return
        except Exception as error:
            self._saved.value = _status(escape(f"Inget sparades: {error!r:.200}"))
            return
        names = "".join(f"<li><code>{escape(path.name)}</code></li>" for path in files)
        where = escape(str(files[0].parent))
        self._saved.value = _status(f"Sparat i <code>{where}</code>:") + f"<ul>{names}</ul>"


def _figures_script() -> Any:
    """Return an empty output that installs the figures' script, since a widget with HTML runs none."""
    data = {"text/html": interactive.tag(), "text/plain": ""}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    return widgets.Output(outputs=(output,), layout=widgets.Layout(height="0"))


def _columns(*columns: list[Any]) -> Any:
    """Return the controls in columns side by side, below each other where there is no room."""
    made = [widgets.VBox(column, layout=_COLUMN) for column in columns]
    return widgets.HBox(made, layout=_SIDE_BY_SIDE)


def _status(html: str) -> str:
    return f'<p role="status" style="{_AS_TEXT}">{html}</p>'
