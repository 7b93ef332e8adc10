// Sections as tabs, themes, printing.

const sections = [
    ["summary", () => "Summary", summaryPanel], ["curves", () => "Curves", curvesPanel], ["tradeoff", () => "Quality and diversity", tradeoffPanel],
    ["samples", () => "Samples", samplesPanel], ["configuration", () => "Configuration", configurationPanel],
    ["events", () => `Events (${data.events.length})`, eventsPanel], ["environment", () => "Environment", environmentPanel],
];

const tabs = sections.map(([id]) => el("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => show(id),
}));
const panels = sections.map(([id]) => el("section", { id: `panel-${id}`, role: "tabpanel", "aria-labelledby": `tab-${id}`, tabindex: 0 }));

/** A section is filled when it is shown first. */
function fill(i) {
    if (panels[i].dataset.filled) return;
    panels[i].dataset.filled = "yes";
    const [, title, parts] = sections[i];
    panels[i].replaceChildren(el("h2", { class: "print" }, title()), ...parts().flat().filter(part => part !== null && part !== undefined));
}

function show(id) {
    sections.forEach(([name], i) => {
        const isShown = name === id;
        tabs[i].setAttribute("aria-selected", String(isShown));
        tabs[i].tabIndex = isShown ? 0 : -1;
        panels[i].classList.toggle("shown", isShown);
        if (isShown) {
            fill(i);
            tabs[i].scrollIntoView({ block: "nearest", inline: "nearest" });
        }
    });
    history.replaceState(null, "", `#${id}`);
}

document.getElementById("tabs").append(...tabs);
document.getElementById("tabs").addEventListener("keydown", event => {
    const at = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
});
document.getElementById("panels").append(...panels);
derive(() => {
    sections.forEach(([, title], i) => { tabs[i].textContent = title(); });
    document.getElementById("title").textContent = data.title;
    document.getElementById("written").textContent = `${plural(data.experiments.length, "experiment")}, ${plural(data.runs.length, "run")}. ` +
        `${data.state === null ? "Written" : "Read"} ${data.written}.`;
});

// The system's theme, or one that the reader chose and that is kept where the browser allows it.
function setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const button of document.querySelectorAll("#theme button")) button.setAttribute("aria-pressed", String(button.dataset.value === theme));
    for (const draw of redraw.theme) draw();
}

function stored(action) {
    try { return action(localStorage); } catch { return null; }
}

document.getElementById("theme").append(...[["", "Auto"], ["light", "Light"], ["dark", "Dark"]].map(([value, text]) => el("button", {
    type: "button", "data-value": value, onclick: () => { setTheme(value); stored(storage => storage.setItem("textgan-theme", value)); },
}, text)));
const remembered = stored(storage => storage.getItem("textgan-theme"));
setTheme(["light", "dark"].includes(remembered) ? remembered : "");
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTheme(document.documentElement.dataset.theme ?? ""));

const wanted = location.hash.slice(1);
show(sections.some(([id]) => id === wanted) ? wanted : "summary");

// Printing: all sections, black on white, wide tables in parts that fit.
let themeBefore = null;
addEventListener("beforeprint", () => {
    if (themeBefore !== null) return;
    themeBefore = document.documentElement.dataset.theme ?? "";
    curves.printing = true;
    document.body.classList.add("printing");
    sections.forEach((_, i) => fill(i));
    setTheme("light");
    for (const table of document.querySelectorAll("table.wide")) table.parentElement.after(...inParts(table, 6));
});
addEventListener("afterprint", () => {
    if (themeBefore === null) return;
    for (const part of document.querySelectorAll("table.part")) part.remove();
    document.body.classList.remove("printing");
    curves.printing = false;
    setTheme(themeBefore);
    themeBefore = null;
});

/** A table as several of a few columns each, the first column in all of them. */
function inParts(table, most) {
    const count = table.rows[0].cells.length, parts = [];
    for (let from = 1; from < count; from += most) {
        const part = table.cloneNode(true);
        part.className = "part";
        for (const row of part.rows) [...row.cells].forEach((cell, i) => { if (i > 0 && (i < from || i >= from + most)) cell.remove(); });
        parts.push(part);
    }
    return parts;
}
