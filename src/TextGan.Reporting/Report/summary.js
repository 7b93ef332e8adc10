// The last value of each metric: a row for each experiment, or each run; the best of a column is marked.

const summary = { seeds: false, sort: null, descending: true };

function summaryPanel() {
    const state = summary;
    const place = el("div");
    const draw = () => place.replaceChildren(summaryTable(state, column => {
        // The first click sorts the better end to the top.
        if (state.sort === column) state.descending = !state.descending;
        else { state.sort = column; state.descending = column < 0 || data.metrics[column].higherIsBetter !== false; }
        draw();
        place.querySelector(`button[data-column="${column}"]`)?.focus();
    }));
    draw();
    const several = data.runs.length > data.experiments.length;
    return [
        el("p", { class: "muted" }, data.metrics.length === 0 ? "The runs have measured nothing."
            : "The last evaluation of each run" + (several ? ": mean over the seeds, and the smallest and largest value" : "") +
            ". ★ marks the best of a column (↑: higher is better, ↓: lower is better). A metric's name sorts by it."),
        several ? el("div", { class: "controls" }, labelled("a row for each seed", checkbox(state.seeds, on => { state.seeds = on; draw(); }))) : null,
        place,
        el("h2", null, "What changed"),
        el("p", { class: "muted" }, "From the first evaluation of the adversarial phase to the last one."),
        el("ul", { class: "changes" }, data.changes.map(sentence => el("li", null, sentence))),
        data.changeLegend === null ? null : el("p", { class: "muted" }, data.changeLegend),
    ];
}

function summaryRows(bySeed) {
    const cell = (runs, m) => {
        const values = runs.map(r => data.runs[r].values[m]).filter(value => value !== null);
        const missing = runs.map(r => data.runs[r].missing[m]).find(reason => reason) ?? null;
        return values.length === 0 ? { value: null, missing }
            : { value: values.reduce((sum, value) => sum + value, 0) / values.length, low: Math.min(...values), high: Math.max(...values), count: values.length };
    };
    const groups = bySeed ? data.runs.map((run, r) => ({ e: run.experiment, runs: [r], seed: run.seed })) : runsOf.map((runs, e) => ({ e, runs, seed: null }));
    return groups.map(group => ({ ...group, cells: data.metrics.map((_, m) => cell(group.runs, m)) }));
}

function summaryTable(state, onsort) {
    const rows = summaryRows(state.seeds);
    const best = data.metrics.map((metric, m) => {
        const values = rows.map(row => row.cells[m].value).filter(value => value !== null);
        return metric.higherIsBetter === null || new Set(values).size < 2 ? null : metric.higherIsBetter ? Math.max(...values) : Math.min(...values);
    });
    if (state.sort !== null) {
        const key = row => row.cells[state.sort].value;
        rows.sort((a, b) => key(a) === null ? 1 : key(b) === null ? -1 : state.descending ? key(b) - key(a) : key(a) - key(b));
    }
    const header = (column, text, higher) => el("th", {
        scope: "col", "aria-sort": state.sort === column ? (state.descending ? "descending" : "ascending") : null,
    }, el("button", { type: "button", class: "sort", "data-column": column, onclick: () => onsort(column) }, text,
        state.sort === column ? (state.descending ? " ▼" : " ▲") : ""),
        higher === null ? null : el("span", { class: "muted", title: better(higher), "aria-label": better(higher) }, higher ? " ↑" : " ↓"));
    const outcome = runs => {
        const counts = new Map();
        for (const r of runs) counts.set(data.runs[r].outcome, (counts.get(data.runs[r].outcome) ?? 0) + 1);
        return [...counts].map(([name, count]) => counts.size > 1 ? `${count} ${name}` : name).join(", ");
    };
    const steps = runs => { const all = runs.map(r => data.runs[r].iterations), [low, high] = [Math.min(...all), Math.max(...all)];
        return low === high ? low.toLocaleString("en-US") : `${low.toLocaleString("en-US")}–${high.toLocaleString("en-US")}`; };
    const table = el("table", { class: "wide summary" },
        el("thead", null, el("tr", null, el("th", { scope: "col" }, "Experiment"), state.seeds ? el("th", { scope: "col" }, "Seed") : el("th", { scope: "col" }, "Seeds"),
            el("th", { scope: "col" }, "Outcome"), el("th", { scope: "col" }, "Iterations"), el("th", { scope: "col" }, "Time"),
            data.metrics.map((metric, m) => header(m, metric.name, metric.higherIsBetter)))),
        el("tbody", null, rows.map(row => el("tr", null,
            el("th", { scope: "row", title: data.experiments[row.e].name }, data.experiments[row.e].name),
            el("td", { class: "number" }, row.seed ?? row.runs.length),
            el("td", { class: row.runs.every(r => ["finished", "running", "queued"].includes(data.runs[r].outcome)) ? null : "bad" }, outcome(row.runs)),
            el("td", { class: "number" }, steps(row.runs)),
            el("td", { class: "number" }, duration(row.runs.reduce((sum, r) => sum + data.runs[r].seconds, 0) / row.runs.length)),
            row.cells.map((cell, m) => el("td", { class: `number${best[m] !== null && cell.value === best[m] ? " best" : ""}`, title: cell.missing ?? null },
                best[m] !== null && cell.value === best[m] ? "★ " : "", brief(cell.value),
                cell.count > 1 ? el("div", { class: "muted" }, `${brief(cell.low, 3)} – ${brief(cell.high, 3)}`) : null,
                cell.missing ? el("div", { class: "muted missing" }, cell.missing) : null))))));
    return boxed(table, "Summary");
}
