// Tables of settings, events and commands.

/** A table that scrolls within its box; of more columns than paper has room for, several are printed. */
function boxed(table, name) {
    return el("div", { class: "box", tabindex: 0, role: "region", "aria-label": name }, table);
}

/** Settings in which runs differ, a column for those that are alike; equal settings are folded. */
function differences(found, what, none) {
    if (found.columns.length === 0 || (found.rows.length === 0 && found.equal.length === 0)) return [el("p", { class: "muted" }, none)];
    const parts = [];
    if (found.rows.length === 0) parts.push(el("p", null, data.runs.length === 1 ? "" : `All runs have the same ${what}.`));
    else {
        const body = found.rows.map(row => {
            const usual = commonest(row.values);
            return el("tr", null, el("th", { scope: "row", class: "path" }, row.path), row.values.map(value =>
                el("td", { class: value === usual ? null : "differs" }, value ?? el("span", { class: "muted" }, "not there"))));
        });
        parts.push(el("p", { class: "muted" }, `${plural(found.rows.length, "setting")} that differ${found.rows.length === 1 ? "s" : ""}. ` +
            "Marked: values other than the most frequent one of the row (of equally frequent ones the first)."));
        parts.push(boxed(el("table", { class: "wide" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Setting"),
            found.columns.map(column => el("th", { scope: "col", title: column.runs.map(runName).join("\n") }, runsInWords(column.runs))))),
            el("tbody", null, body)), `Differences of ${what}`));
    }
    const table = el("table", null, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Setting"), el("th", { scope: "col" }, "Value"))),
        el("tbody", null, found.equal.map(row => el("tr", null, el("th", { scope: "row", class: "path" }, row.path), el("td", null, row.values[0])))));
    parts.push(fold(what, { open: data.runs.length === 1 }, `${plural(found.equal.length, "setting")} ` +
        (data.runs.length === 1 ? "in all" : "that all runs share"), boxed(table, `Shared ${what}`)));
    return parts;
}

function commonest(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].reduce((most, one) => one[1] > most[1] ? one : most)[0];
}

function configurationPanel() {
    return differences(data.configurations, "configuration", "The runs' folders have no configuration.");
}

function eventsPanel() {
    if (data.events.length === 0) return [el("p", { class: "muted" }, "No guard found anything, and no run was resumed or failed.")];
    const rows = data.events.map(event => el("tr", { class: isBad(event) ? "bad" : null },
        el("td", null, event.source), el("td", null, event.action),
        el("td", null, event.phase === null ? "" : `${data.phases[event.phase]}, ${event.step.toLocaleString("en-US")}`),
        el("td", { title: event.runs.map(runName).join("\n") }, runsInWords(event.runs)), el("td", { class: "sentence" }, event.message)));
    return [boxed(el("table", { class: "events" }, el("thead", null, el("tr", null, ["From", "Action", "Step", "Runs", "Message"].map(text =>
        el("th", { scope: "col" }, text)))), el("tbody", null, rows)), "Events")];
}

function environmentPanel() {
    const parts = [el("h2", null, "Environment"),
        ...differences(data.environments, "environment", "The runs' folders do not tell their environment."),
        el("h2", null, "Commands that repeat the runs"),
        el("p", { class: "muted" }, "From the folder that has the folder of runs. The same version, device and number of threads give the same bits.")];
    for (const command of data.commands.filter(command => command.experiment !== null)) {
        parts.push(commandLine(command.text, `${data.experiments[command.experiment].name} (${command.versions.join(", ")})`));
    }
    const own = data.commands.filter(command => command.experiment === null);
    parts.push(el("h2", null, "Command that writes this report"), ...own.map(command => commandLine(command.text, null)));
    return parts;
}

function commandLine(text, title) {
    const button = el("button", {
        type: "button", class: "small copy", onclick: () => navigator.clipboard?.writeText(text).then(
            () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); },
            () => getSelection().selectAllChildren(code)),
    }, "Copy");
    const code = el("code", null, text);
    return el("div", { class: "command" }, title === null ? null : el("div", { class: "muted" }, title), el("pre", { tabindex: 0 }, code), button);
}
