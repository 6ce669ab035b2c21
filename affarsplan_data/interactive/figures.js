// Makes the figures of a page respond: a box with the value at a mark, one area brought out, series shown
// and hidden. Everything is added to pictures that are whole without it. No library, no network.
(() => {
  "use strict";
  if (window.affarsplanFigures) return;
  window.affarsplanFigures = true;

  const MARKS = "[data-key], [data-series]";
  const REACH = 14;
  const LINE_REACH = 24;
  const WAIT = 300;

  const STYLE = [
    ".ap-picture { position: relative; }",
    ".ap-picture [data-key], .ap-picture [data-series] { transition: opacity 0.12s; }",
    ".ap-picture .ap-dim { opacity: 0.2; }",
    ".ap-picture .ap-off { display: none; }",
    ".ap-entry { position: absolute; margin: 0; padding: 0; border: 0; border-radius: 3px; background: none; cursor: pointer; }",
    ".ap-entry:hover { background: rgba(18, 67, 109, 0.1); }",
    ".ap-entry[aria-pressed=false]::after { content: ''; position: absolute; left: 0; right: 0; top: 50%; border-top: 2px solid #1a1a1a; }",
    ".ap-values { position: absolute; inset: 0; pointer-events: none; }",
    ".ap-entry:focus-visible, .ap-values:focus-visible, .ap-shown button:focus-visible { outline: 3px solid #12436d; outline-offset: 1px; }",
    ".ap-ring { position: absolute; width: 22px; height: 22px; margin: -11px 0 0 -11px; border: 2px solid #1a1a1a; border-radius: 50%; outline: 2px solid #fff; pointer-events: none; }",
    ".ap-tip { position: fixed; z-index: 1000; left: 0; top: 0; max-width: min(20rem, calc(100vw - 16px)); padding: 6px 10px; border: 1px solid #51606d; border-radius: 4px; background: #fff; color: #1a1a1a; box-shadow: 0 2px 8px rgba(0, 0, 0, 0.2); font: 14px/1.4 Arial, Helvetica, sans-serif; }",
    ".ap-tip > * { display: block; white-space: pre-line; }",
    ".ap-tip small { color: #51606d; font-size: 12px; }",
    ".ap-shown { margin: 0.4rem 0; font-size: 0.9375rem; }",
    ".ap-shown button { margin-left: 0.5rem; padding: 0.15rem 0.6rem; border: 1px solid #51606d; border-radius: 4px; background: #fff; color: inherit; font: inherit; cursor: pointer; }",
    "[hidden].ap-tip, [hidden].ap-ring { display: none; }",
    "@media (prefers-reduced-motion: reduce) { .ap-picture [data-key], .ap-picture [data-series] { transition: none; } }",
    "@media print { .ap-picture .ap-dim { opacity: 1; } .ap-picture .ap-off { display: inline; } .ap-tip, .ap-ring, .ap-shown, .ap-entry { display: none; } }",
  ].join("\n");

  // What each mark says, each picture's marks with their places, and each figure's hidden series.
  const said = new WeakMap();
  const placed = new WeakMap();
  const hidden = new WeakMap();
  let pinned = null;
  let shown = null;
  let timer = 0;

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  }

  const tip = make("div", { class: "ap-tip", role: "tooltip", hidden: "" });
  tip.addEventListener("pointerenter", () => clearTimeout(timer));
  tip.addEventListener("pointerleave", leave);

  function figureOf(element) {
    return element.closest("figure.ap-figure");
  }

  // A picture is made ready when it is first seen: before that its parts have no place.
  function prepare(picture) {
    const svg = picture.querySelector("svg");
    if (!svg || picture.dataset.ready) return;
    picture.dataset.ready = "true";
    svg.querySelectorAll("title").forEach((title) => {
      said.set(title.parentNode, title.textContent);
      title.remove();
    });
    picture.style.maxWidth = `${svg.getAttribute("width")}px`;
    addEntries(picture, svg);
    addValues(picture, svg);
    show(picture.closest("figure.ap-figure"));
    highlight(svg, pinned);
  }

  // Lay a button over each entry of the key that stands for a series.
  function addEntries(picture, svg) {
    const parts = new Map();
    svg.querySelectorAll("[data-entry]").forEach((part) => {
      const series = part.dataset.entry;
      if (svg.querySelector(`[data-series="${CSS.escape(series)}"]`)) {
        parts.set(series, [...(parts.get(series) || []), part]);
      }
    });
    if (!parts.size) return;
    const group = make("div", { role: "group", "aria-label": "Visa eller dölj i figuren" });
    const frame = svg.getBoundingClientRect();
    for (const [series, list] of parts) {
      const boxes = list.map((part) => part.getBoundingClientRect());
      const left = Math.min(...boxes.map((box) => box.left)) - 3 - frame.left;
      const right = Math.max(...boxes.map((box) => box.right)) + 3 - frame.left;
      const top = Math.min(...boxes.map((box) => box.top)) - 3 - frame.top;
      const bottom = Math.max(...boxes.map((box) => box.bottom)) + 3 - frame.top;
      const name = list.map((part) => part.textContent.trim()).join(" ").trim();
      const button = make("button", {
        type: "button",
        class: "ap-entry",
        "aria-pressed": "true",
        "aria-label": `Visa ${name}`,
        "data-series-of": series,
        "data-lm-suppress-shortcuts": "true",
      });
      button.style.left = `${(100 * left) / frame.width}%`;
      button.style.top = `${(100 * top) / frame.height}%`;
      button.style.width = `${(100 * (right - left)) / frame.width}%`;
      button.style.height = `${(100 * (bottom - top)) / frame.height}%`;
      const alone = () => highlight(svg, isOff(picture, series) ? pinned : { series });
      button.addEventListener("click", () => {
        toggle(figureOf(picture), series);
        alone();
      });
      button.addEventListener("pointerenter", alone);
      button.addEventListener("focus", alone);
      button.addEventListener("pointerleave", () => highlight(svg, pinned));
      button.addEventListener("blur", () => highlight(svg, pinned));
      group.append(button);
    }
    picture.append(group);
  }

  function isOff(picture, series) {
    return (hidden.get(figureOf(picture)) || new Set()).has(series);
  }

  function toggle(figure, series) {
    const off = hidden.get(figure) || new Set();
    if (!off.delete(series)) off.add(series);
    hidden.set(figure, off);
    hide();
    show(figure);
  }

  // Show the series that are not hidden, in both the wide and the narrow picture.
  function show(figure) {
    const off = hidden.get(figure) || new Set();
    figure.querySelectorAll(".ap-picture [data-series]").forEach((mark) => {
      mark.classList.toggle("ap-off", off.has(mark.dataset.series));
    });
    figure.querySelectorAll(".ap-entry").forEach((button) => {
      button.setAttribute("aria-pressed", String(!off.has(button.dataset.seriesOf)));
    });
  }

  // Dim every mark of a picture that is another than ``which``; null brings all back.
  function highlight(svg, which) {
    const marks = [...svg.querySelectorAll(MARKS)];
    const name = which && (which.key ? "key" : "series");
    const here = which && marks.some((mark) => mark.dataset[name] === which[name]);
    for (const mark of marks) {
      const own = mark.dataset[name];
      mark.classList.toggle("ap-dim", Boolean(here && own && own !== which[name]));
    }
    return here;
  }

  // The marks of a picture that have something to say, with their places in the picture's own px.
  function targets(svg) {
    if (placed.has(svg)) return placed.get(svg);
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const found = [];
    svg.querySelectorAll(MARKS).forEach((element) => {
      const mark = { element, key: element.dataset.key || "", series: element.dataset.series || "" };
      if (element.dataset.points) {
        found.push(...vertices(element, frame, scale).map((vertex) => ({ ...mark, ...vertex })));
      } else if (said.has(element)) {
        const box = element.getBoundingClientRect();
        const [width, height] = [box.width / scale, box.height / scale];
        const x = (box.left - frame.left) / scale + width / 2;
        const y = (box.top - frame.top) / scale + height / 2;
        found.push({ ...mark, text: said.get(element), x, y, width, height });
      }
    });
    placed.set(svg, found);
    return found;
  }

  // A line's points: their places from its path, their texts from its data.
  function vertices(line, frame, scale) {
    const texts = line.dataset.points.split("|");
    const move = line.getScreenCTM();
    const places = [...line.getAttribute("d").matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)];
    return places.slice(0, texts.length).map((place, i) => {
      const point = new DOMPoint(Number(place[1]), Number(place[2])).matrixTransform(move);
      return {
        text: `${said.get(line) || ""}\n${texts[i]}`.trim(),
        x: (point.x - frame.left) / scale,
        y: (point.y - frame.top) / scale,
        width: 0,
        height: 0,
        line: true,
      };
    });
  }

  function isSeen(target) {
    return !target.element.classList.contains("ap-off");
  }

  // The mark that the pointer is on, also under letters; else the nearest one within reach; else the one
  // that the letters under the pointer belong to.
  function hit(svg, event) {
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const x = (event.clientX - frame.left) / scale;
    const y = (event.clientY - frame.top) / scale;
    const seen = targets(svg).filter(isSeen);
    const marked = new Set(seen.map((target) => target.element));
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const on = under.find((element) => marked.has(element));
    let best = null;
    let least = Infinity;
    for (const target of seen) {
      const across = Math.max(Math.abs(x - target.x) - target.width / 2, 0);
      const down = Math.max(Math.abs(y - target.y) - target.height / 2, 0);
      let distance = Math.hypot(across, down);
      const direct = target.element === on;
      if (direct) distance = target.line ? distance / 1000 : -1;
      const large = target.width * target.height > 1500;
      const reach = direct ? Infinity : large ? -1 : target.line ? LINE_REACH : REACH;
      if (distance <= reach && distance < least) [best, least] = [target, distance];
    }
    const { key } = (event.target.closest(MARKS) || svg).dataset;
    return best || (key && seen.find((target) => target.key === key)) || null;
  }

  function point(svg, target) {
    clearTimeout(timer);
    if (shown && shown.target === target && !tip.hidden) return;
    if (shown && shown.svg !== svg) highlight(shown.svg, pinned);
    shown = { svg, target };
    const [first, ...rest] = target.text.split("\n");
    const unit = figureOf(svg).querySelector(".ap-subtitle");
    tip.replaceChildren(make("strong", {}, first));
    if (rest.length) tip.append(make("span", {}, rest.join("\n")));
    if (unit) tip.append(make("small", {}, unit.textContent.split(/\.\s/)[0]));
    if (!tip.isConnected) document.body.append(tip);
    tip.hidden = false;
    place();
    highlight(svg, target.key || target.series ? target : pinned);
  }

  // Above the mark, or below it where there is no room, and inside the window.
  function place() {
    if (!shown || tip.hidden) return;
    const { svg, target } = shown;
    if (!svg.isConnected) return void hide();
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const box = tip.getBoundingClientRect();
    const middle = frame.left + target.x * scale;
    const half = Math.min((target.height / 2) * scale, 24);
    const above = frame.top + target.y * scale - half - box.height - 8;
    const below = frame.top + target.y * scale + half + 8;
    const left = Math.min(Math.max(middle - box.width / 2, 8), innerWidth - box.width - 8);
    tip.style.left = `${left}px`;
    tip.style.top = `${above >= 4 ? above : below}px`;
  }

  function hide() {
    clearTimeout(timer);
    tip.hidden = true;
    if (shown) highlight(shown.svg, pinned);
    shown = null;
  }

  // A moment's grace, so that the pointer can move on to the box.
  function leave() {
    clearTimeout(timer);
    timer = setTimeout(hide, WAIT);
  }

  // Keep one area brought out in every figure of the page that shows it; null lets go of it.
  function pin(target, svg) {
    pinned = target && target.key && !(pinned && pinned.key === target.key) ? target : null;
    document.querySelectorAll(".ap-shown").forEach((note) => note.remove());
    document.querySelectorAll(".ap-picture[data-ready] svg").forEach((other) => {
      if (!highlight(other, pinned)) return;
      const figure = figureOf(other);
      if (figure.querySelector(".ap-shown")) return;
      const note = make("p", { class: "ap-shown" }, `Framhävt: ${name(pinned)}.`);
      const button = make("button", { type: "button", "data-lm-suppress-shortcuts": "true" }, "Visa alla");
      button.addEventListener("click", () => pin(null));
      if (svg && figure === figureOf(svg)) note.setAttribute("role", "status");
      note.append(button);
      [...figure.querySelectorAll(".ap-picture")].pop().after(note);
    });
  }

  function name(target) {
    return target.text.split("\n")[0];
  }

  // One stop for the keyboard: the arrow keys go through the values as on a slider.
  function addValues(picture, svg) {
    if (!svg.querySelector("[data-points]") && ![...svg.querySelectorAll(MARKS)].some((m) => said.has(m))) return;
    const heading = figureOf(picture).querySelector("h3");
    const slider = make("div", {
      class: "ap-values",
      role: "slider",
      tabindex: "0",
      "aria-label": `Värden i figuren: ${heading ? heading.textContent : ""}`,
      "aria-valuemin": "1",
      "aria-valuenow": "1",
      "aria-valuetext": "Bläddra med piltangenterna",
      "data-lm-suppress-shortcuts": "true",
    });
    const ring = make("div", { class: "ap-ring", hidden: "" });
    let order = [];
    let at = 0;

    function go(index) {
      order = inOrder(targets(svg).filter(isSeen));
      if (!order.length) return;
      at = Math.min(Math.max(index, 0), order.length - 1);
      const target = order[at];
      slider.setAttribute("aria-valuemax", String(order.length));
      slider.setAttribute("aria-valuenow", String(at + 1));
      slider.setAttribute("aria-valuetext", target.text.replaceAll("\n", ", "));
      ring.hidden = false;
      ring.style.left = `${(100 * target.x) / svg.viewBox.baseVal.width}%`;
      ring.style.top = `${(100 * target.y) / svg.viewBox.baseVal.height}%`;
      point(svg, target);
    }

    slider.setAttribute("aria-valuemax", String(targets(svg).length));
    slider.addEventListener("focus", () => go(at));
    slider.addEventListener("blur", () => {
      ring.hidden = true;
      hide();
    });
    slider.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      if (event.key in steps) go(at + steps[event.key]);
      else if (event.key === "Home") go(0);
      else if (event.key === "End") go(order.length - 1);
      else if (event.key === "Enter" || event.key === " ") pin(order[at], svg);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    picture.append(slider, ring);
  }

  // As one reads, row by row; lines one at a time, ours (drawn last) first. Each text once.
  function inOrder(list) {
    const lines = [...new Set(list.filter((t) => t.line).map((t) => t.element))].reverse();
    const rank = (target) => (target.line ? lines.indexOf(target.element) : Math.round(target.y / 8));
    const sorted = [...list].sort((a, b) => rank(a) - rank(b) || a.x - b.x);
    const seen = new Set();
    return sorted.filter((target) => {
      const same = `${target.key}|${target.series}|${target.text}`;
      return !seen.has(same) && seen.add(same);
    });
  }

  function pictureAt(event) {
    return event.target instanceof Element ? event.target.closest(".ap-picture[data-ready] svg") : null;
  }

  document.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const svg = pictureAt(event);
    const target = svg && hit(svg, event);
    if (target) point(svg, target);
    else if (svg && shown && !document.activeElement.matches(".ap-values")) leave();
  });
  document.addEventListener("pointerout", (event) => {
    const svg = pictureAt(event);
    const to = event.relatedTarget;
    if (svg && shown && !svg.contains(to) && !tip.contains(to) && event.pointerType !== "touch") leave();
  });
  document.addEventListener("click", (event) => {
    const svg = pictureAt(event);
    if (!svg) {
      if (!tip.contains(event.target) && !event.target.closest(".ap-figure button")) hide();
      return;
    }
    const target = hit(svg, event);
    pin(target, svg);
    if (target) point(svg, target);
    else hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!tip.hidden) hide();
    else if (pinned) pin(null);
  });
  document.addEventListener("scroll", place, { passive: true, capture: true });

  const sized = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) if (contentRect.width > 0) prepare(target);
  });
  function find(root) {
    root.querySelectorAll(".ap-picture").forEach((picture) => sized.observe(picture));
  }
  const added = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(".ap-picture")) sized.observe(node);
        find(node);
      }
    }
  });
  document.head.append(make("style", {}, STYLE));
  find(document);
  added.observe(document.body, { childList: true, subtree: true });
})();
