// Which experiments are shown, in curves and in quality against diversity: one choice for both.

const hidden = new Set();

function setShown(experiments, isShown) {
    for (const e of experiments) if (isShown) hidden.delete(e); else hidden.add(e);
    for (const button of document.querySelectorAll("button.entry")) button.setAttribute("aria-pressed", String(!hidden.has(Number(button.dataset.experiment))));
    for (const draw of redraw.shown) draw();
}

/** Buttons that show and hide experiments; with Shift one is shown alone. */
function legend() {
    const all = data.experiments.map((_, e) => e);
    const entries = all.map(e => el("button", {
        type: "button", class: "entry", "data-experiment": e, "aria-pressed": String(!hidden.has(e)), title: data.experiments[e].name,
        onclick: event => {
            if (event.shiftKey) { setShown(all, false); setShown([e], true); } else setShown([e], hidden.has(e));
        },
    }, swatch(e), el("span", { class: "name" }, data.experiments[e].name), runsOf[e].length > 1 ? el("span", { class: "muted" }, `${runsOf[e].length}`) : null));
    const box = el("div", { class: "legend", role: "group", "aria-label": "Experiments" },
        all.length > 2 ? [el("button", { type: "button", class: "small", onclick: () => setShown(all, true) }, "Show all"),
            el("button", { type: "button", class: "small", onclick: () => setShown(all, false) }, "Hide all")] : null, entries);
    redraw.theme.push(() => {
        for (const button of box.querySelectorAll("button.entry")) button.firstChild.replaceWith(swatch(Number(button.dataset.experiment)));
    });
    return box;
}
