"use strict";
// Elements, numbers and colours. Text enters the page by textContent alone, so that no text is ever read as markup.

let data = JSON.parse(document.getElementById("data").textContent);

// What is made of the data: functions, called at once, and again where a page that is served gets newer data.
const derivations = [];
function derive(make) {
    derivations.push(make);
    make();
}

/** An element: el("td", { class: "number", onclick: f }, "text", child, [children]). Attributes that are null or false are left out. */
function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name === "style") Object.assign(element.style, value);
        else if (value === true) element.setAttribute(name, "");
        else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined).map(child =>
        child instanceof Node ? child : document.createTextNode(String(child))));
    return element;
}

/** An element of SVG. */
function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes ?? {})) if (value !== null && value !== undefined) element.setAttribute(name, value);
    element.append(...children);
    return element;
}

/** A control with its label: an option list, a check box or a field. */
function labelled(text, control) {
    return control.type === "checkbox" ? el("label", { class: "check" }, control, text) : el("label", { class: "field" }, el("span", null, text), control);
}

function select(options, chosen, onchange) {
    const list = el("select", { onchange: () => onchange(list.value) },
        options.map(([value, text]) => el("option", { value, selected: String(value) === String(chosen) }, text)));
    return list;
}

function checkbox(checked, onchange) {
    const box = el("input", { type: "checkbox", checked, onchange: () => onchange(box.checked) });
    return box;
}

const folds = new Map();

/** Details, open or folded as the reader left those of this key. */
function fold(key, attributes, title, ...children) {
    const details = el("details", { ...attributes, open: folds.get(key) ?? attributes.open },
        el("summary", { onclick: () => folds.set(key, !details.open) }, title), ...children);
    return details;
}

/** A number in few digits: 0.1234, 12,345, 1.2e-7; a dash where there is none. */
function brief(value, digits = 4) {
    if (value === null || value === undefined) return "–";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(Math.min(digits - 1, 2));
    const rounded = Number(value.toPrecision(digits));
    return size >= 1e4 ? Math.round(rounded).toLocaleString("en-US") : String(rounded);
}

const plural = (count, noun) => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

function duration(seconds) {
    if (seconds < 60) return `${brief(seconds, 3)} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

// Runs and experiments.

let runsOf, metricIndex;
derive(() => {
    runsOf = data.experiments.map((_, e) => data.runs.flatMap((run, r) => run.experiment === e ? [r] : []));
    metricIndex = new Map(data.metrics.map((metric, i) => [`metric/${metric.name}`, i]));
});
const runName = r => `${data.experiments[data.runs[r].experiment].name}, seed ${data.runs[r].seed}`;
const better = higher => higher === true ? "higher is better" : higher === false ? "lower is better" : "";

/** "grammatical, harmless (seeds 1 to 3)": runs in few words; the rest is counted. */
function runsInWords(runs, most = 3) {
    if (runs.length === data.runs.length && runs.length > 1) return "all runs";
    const experiments = [...new Set(runs.map(r => data.runs[r].experiment))];
    const words = experiments.slice(0, most).map(e => {
        const seeds = runs.filter(r => data.runs[r].experiment === e).map(r => data.runs[r].seed);
        const label = data.experiments[e].name;
        return seeds.length === runsOf[e].length ? label : `${label} (seed${seeds.length > 1 ? "s" : ""} ${seeds.join(", ")})`;
    });
    return words.join("; ") + (experiments.length > most ? ` and ${experiments.length - most} more` : "");
}

// Theme and colours: an experiment's colour is made for white paper; on a dark page it is mixed with white until it can be seen.

const isDark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

const cssValue = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function luminance([red, green, blue]) {
    const linear = part => { const p = part / 255; return p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function colorOf(e) {
    let color = [1, 3, 5].map(at => parseInt(data.experiments[e].color.slice(at, at + 2), 16));
    if (isDark()) {
        while (luminance(color) < 0.3) color = color.map(part => Math.round(part + (255 - part) * 0.08 + 0.5));
    } else {
        while (luminance(color) > 0.4) color = color.map(part => Math.round(part * 0.94));
    }
    return `#${color.map(part => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The shape of an experiment's marker around a place, as a path of SVG. */
function markerPath(e, x, y, r) {
    const shape = data.experiments[e].marker;
    if (shape.includes("Square")) return `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    if (shape.includes("TriangleUp")) return `M${x},${y - r * 1.2}l${r * 1.15},${r * 2.1}h${-2.3 * r}z`;
    if (shape.includes("TriangleDown")) return `M${x},${y + r * 1.2}l${r * 1.15},${-r * 2.1}h${-2.3 * r}z`;
    if (shape.includes("Diamond")) return `M${x},${y - r * 1.35}l${r * 1.35},${r * 1.35}l${-r * 1.35},${r * 1.35}l${-r * 1.35},${-r * 1.35}z`;
    if (shape.includes("Cross")) return `M${x - r},${y}h${2 * r}M${x},${y - r}v${2 * r}`;
    return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`;
}

const isOpen = e => !data.experiments[e].marker.startsWith("Filled");

/** A small picture of an experiment's line and marker. */
function swatch(e) {
    const color = colorOf(e);
    return svg("svg", { class: "swatch", width: 34, height: 12, viewBox: "0 0 34 12", "aria-hidden": "true", "data-experiment": e },
        svg("line", { x1: 1, y1: 6, x2: 33, y2: 6, stroke: color, "stroke-width": 2, "stroke-dasharray": data.experiments[e].dash.join(" ") || null }),
        svg("path", { d: markerPath(e, 17, 6, 3.5), stroke: color, "stroke-width": 1.5, fill: isOpen(e) ? cssValue("--page") : color }));
}

/** Calls a function once after the last of many calls. */
function soon(run) {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(run, 60); };
}

// What has to be drawn again when theme, width or the shown experiments change: functions, by section.
const redraw = { theme: [], shown: [], observers: [] };

/** Draws anew when a place, which notes the width for which it was drawn, has another one. */
function whenResized(place, draw) {
    const observer = new ResizeObserver(soon(() => {
        if (!curves.printing && place.clientWidth > 0 && place.dataset.width !== String(place.clientWidth)) draw();
    }));
    observer.observe(place);
    redraw.observers.push(observer);
}
