"""The controls: they pass on what is picked and show what it gives, and decide nothing themselves.

JupyterLab takes the arrow keys and the letters from lists and radio buttons, so nothing here is one:
fields to type in, which propose as one types, and buttons are used by keyboard and pointer alike.
"""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from affarsplan_data import interactive
from affarsplan_data.errors import AffarsplanError
from affarsplan_data.explorer import options
from affarsplan_data.explorer.choice import Choice, Shown, fitted, offer
from affarsplan_data.explorer.saving import folder_for, save

_LABEL = {"description_width": "8.5em"}
_FULL = widgets.Layout(width="min(52em, 98%)")
_SHORT = widgets.Layout(width="min(16em, 98%)")
_ROW = widgets.Layout(flex_flow="row wrap", align_items="center")
_BESIDE_LABEL = "2px 2px 2px 8.9em"
_AS_TEXT = "line-height:1.45"
"""The widget that holds HTML gives every line the height of a control."""

Change = Callable[[Choice], Choice]


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
                *(self._indicator, self._region, self._compare, self._compared),
                *(self._split, self._form),
                widgets.HBox([self._since, self._year], layout=_ROW),
                *(self._message, self._picked, self._figure, self._code),
                *(self._folder, self._button, self._saved, _figures_script()),
            ]
        )
        self._refresh()
        for control, act in (
            (self._indicator, self._pick_indicator),
            (self._region, self._pick_region),
            (self._compare, self._pick_compare),
            (self._since, self._pick_years),
            (self._year, self._pick_years),
            (self._split, lambda value: self._change(lambda c: replace(c, split=value or None))),
            (self._form, lambda value: self._change(lambda c: replace(c, form=value or None))),
        ):
            control.observe(self._when_picked(act), names="value")
        self._button.on_click(self._on_save)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    def __repr__(self) -> str:
        return self.choice.call

    def _make_controls(self) -> None:
        self._indicator = _field("Indikator", "sök och välj, till exempel: företag kvinnor")
        self._region = _field("Område", "sök och välj län eller kommun")
        self._compare = _field("Jämför med", "sök och lägg till län, kommun eller grupp")
        self._since, self._year = (
            _field(text, "alla år", _SHORT) for text in ("Från och med", "Till och med")
        )
        self._split, self._form = (
            widgets.ToggleButtons(description=text, style=_LABEL | {"button_width": "auto"})
            for text in ("Grupper", "Diagramform")
        )
        self._compared = widgets.HBox(
            layout=widgets.Layout(flex_flow="row wrap", margin=f"0 0 0 {_BESIDE_LABEL.split()[-1]}")
        )
        texts = (widgets.HTML() for _ in range(5))
        self._message, self._picked, self._figure, self._code, self._saved = texts
        self._folder = widgets.Text(description="Mapp", style=_LABEL, layout=_FULL)
        self._button = widgets.Button(
            description="Spara CSV, Excel, HTML och SVG i mappen",
            layout=widgets.Layout(width="24em", margin=_BESIDE_LABEL),
        )

    # --- what is picked ---

    def _when_picked(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        def picked(change: Any) -> None:
            if not self._filling:
                self._safely(lambda: act(change["new"]))

        return picked

    def _safely(self, act: Callable[[], None]) -> None:
        self._saved.value = ""
        try:
            act()
        except Exception as error:
            # Whatever fails, an earlier figure must not stand beside the new choice.
            self._show(Shown(self.choice, None, f"Något gick fel i programmet: {error!r:.200}"))

    def _change(self, change: Change) -> None:
        self.choice = fitted(change(self.choice))
        self._refresh()

    def _pick_indicator(self, text: str) -> None:
        found = options.indicator_meant(text, self.choice.data)
        self._take("Ingen indikator", text, found, lambda c, id: replace(c, indicator=id))

    def _pick_region(self, text: str) -> None:
        found = options.meant(text, options.region_options())
        self._take("Inget område", text, found, lambda c, code: replace(c, region=code))

    def _pick_compare(self, text: str) -> None:
        found = options.meant(text, options.compare_options(self.choice.region))
        self._take(
            "Inget att jämföra med",
            text,
            found,
            lambda c, item: replace(c, compare=tuple(dict.fromkeys([*c.compare, item]))),
        )

    def _take(
        self, nothing: str, text: str, found: str | None, change: Callable[[Choice, str], Choice]
    ) -> None:
        """Change the choice to what was found; say it and leave the choice when nothing was."""
        if not text.strip():
            return
        if found is None:
            self._message.value = _status(
                f"{nothing} har orden ”{escape(text[:60])}”. Pröva ett kortare ord."
            )
            return
        self._change(lambda choice: change(choice, found))

    def _pick_years(self, _: str) -> None:
        years = [control.value.strip() for control in (self._since, self._year)]
        held = {str(year) for year in offer(self.choice).years}
        if unknown := [year for year in years if year and year not in held]:
            known = f"{min(held)}–{max(held)}" if held else "inga år"
            self._message.value = _status(
                f"Uppgifter för {escape(unknown[0][:20])} finns inte; det finns {known}. "
                "Skriv ett årtal, eller inget för alla år."
            )
            return
        since, year = (int(text) if text else None for text in years)
        self._change(lambda choice: replace(choice, since=since, year=year))

    # --- what is shown ---

    def _refresh(self) -> None:
        choice, held = self.choice, offer(self.choice)
        every = [label for label, _ in options.listed("", choice.data)]
        self._propose(self._indicator, every, "")
        self._propose(self._region, [label for label, _ in options.region_options()], "")
        others = options.compare_options(choice.region)
        self._propose(self._compare, [label for label, _ in others], "")
        self._compared.children = [self._compared_button(item) for item in choice.compare]
        years = [str(year) for year in reversed(held.years)]
        self._propose(self._since, years, str(choice.since or ""))
        self._propose(self._year, years, str(choice.year or ""))
        self._propose(self._split, options.split_options(held), choice.split or "")
        self._propose(self._form, options.form_options(held), choice.form or "")
        self._folder.value = str(folder_for(choice))
        self._show(choice.shown())

    def _propose(self, control: Any, items: list[Any], value: str) -> None:
        self._filling = True
        try:
            if list(control.options) != items:
                control.options = items
            control.value = value
        finally:
            self._filling = False

    def _compared_button(self, item: str) -> Any:
        (name,) = options.names([item])
        button = widgets.Button(
            description=f"Ta bort {name}", icon="times", layout=widgets.Layout(width="auto")
        )

        def take_away(_: Any) -> None:
            kept = tuple(other for other in self.choice.compare if other != item)
            self._safely(lambda: self._change(lambda choice: replace(choice, compare=kept)))

        button.on_click(take_away)
        return button

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self._message.value = _status(escape(shown.message)) if shown.message else ""
        self._picked.value = _status(escape(options.said(shown.choice)))
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


def _field(label: str, hint: str, layout: Any = _FULL) -> Any:
    """Return a field that proposes while one types and passes on its text when one is done."""
    return widgets.Combobox(
        description=label,
        placeholder=hint,
        continuous_update=False,
        ensure_option=False,
        style=_LABEL,
        layout=layout,
    )


def _status(html: str) -> str:
    return f'<p role="status" style="{_AS_TEXT}">{html}</p>'
