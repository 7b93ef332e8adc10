// Everything that was logged, over the steps of a phase.

let steps, runCurves, meanCurves;

/** A column of steps; the data hold differences. */
function stepsOf(column) {
    if (steps[column] === null) {
        let sum = 0;
        steps[column] = data.curves.steps[column].map(step => sum += step);
    }
    return steps[column];
}

const curveKey = (name, phase) => `${name} ${phase}`;
const byKey = curves => {
    const groups = new Map();
    for (const curve of curves) {
        const key = curveKey(curve.name, curve.phase);
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(curve);
    }
    return groups;
};
derive(() => {
    steps = data.curves.steps.map(() => null);
    [runCurves, meanCurves] = [byKey(data.curves.runs), byKey(data.curves.means)];
});

/** The mean of an experiment, or the curve of its only run. */
function meanOf(name, phase, e) {
    const key = curveKey(name, phase);
    return meanCurves.get(key)?.find(curve => curve.of === e)
        ?? (runsOf[e].length === 1 ? runCurves.get(key)?.find(curve => curve.of === runsOf[e][0]) : undefined);
}

/** The heading under which a name is listed. */
function groupOf(name) {
    if (metricIndex.has(name)) return "Metrics of evaluations";
    const first = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
    return { metric: "More values of evaluations", discriminator: "Discriminators", term: "Terms of the objective", "": "Objective and speed",
        generator: "Generator", conflict: "Conflict between terms", critic: "Critics" }[first] ?? first;
}

const shownName = name => name.startsWith("metric/") ? name.slice("metric/".length) : name;

/** A name that may be broken after a slash. */
const breakable = name => name.split("/").flatMap((part, i, all) => i < all.length - 1 ? [`${part}/`, el("wbr")] : [part]);

// isOwn: whether the reader has chosen phase or names; until then they follow what there is.
const curves = { phase: null, chosen: [], isOwn: false, words: "", isLog: false, runs: true, means: true, events: true, smooth: 0, zoom: null, charts: [],
    printing: false };

function curvesPanel() {
    const phases = data.phases.map((_, phase) => phase).filter(phase => data.curves.runs.some(curve => curve.phase === phase));
    if (phases.length === 0) return [el("p", { class: "muted" }, "Nothing was logged.")];
    if ((!curves.isOwn && curves.zoom === null) || !phases.includes(curves.phase)) {
        curves.phase = phases[phases.length - 1];
        curves.chosen = defaultNames();
    }
    const grid = el("div", { class: "grid" });
    const list = el("div", { class: "names" });
    const search = el("input", { type: "search", placeholder: "Search names", "aria-label": "Search names", value: curves.words, oninput: () => {
        curves.words = search.value;
        fillNames(list, grid);
    } });
    const phaseList = select(phases.map(phase => [phase, data.phases[phase]]), curves.phase, value => {
        curves.phase = Number(value);
        curves.isOwn = true;
        curves.zoom = null;
        const there = namesOf(curves.phase);
        curves.chosen = curves.chosen.filter(name => there.includes(name));
        if (curves.chosen.length === 0) curves.chosen = defaultNames();
        fillNames(list, grid);
        drawCurves(grid);
    });
    const anyMean = data.curves.means.length > 0;
    fillNames(list, grid);
    const again = () => drawCurves(grid);
    redraw.theme.push(again);
    redraw.shown.push(again);
    whenResized(grid, () => drawCurves(grid));
    return [
        legend(),
        el("div", { class: "controls" },
            labelled("Phase", phaseList),
            labelled("logarithmic", checkbox(curves.isLog, on => { curves.isLog = on; again(); })),
            anyMean ? labelled("runs", checkbox(curves.runs, on => { curves.runs = on; again(); })) : null,
            anyMean ? labelled("means", checkbox(curves.means, on => { curves.means = on; again(); })) : null,
            labelled("smoothing", smoothing(soon(again))),
            data.events.some(event => event.step !== null) ? labelled("events", checkbox(curves.events, on => { curves.events = on; again(); })) : null,
            el("button", { type: "button", class: "small", onclick: () => setZoom(null) }, "Reset zoom")),
        data.curves.runs.length === 0 ? null : el("div", { class: "curves" },
            fold("curves", { class: "picker", open: true }, "Curves", search, list),
            el("div", null, grid, el("p", { class: "muted hint" }, "Drag to zoom all charts, double-click to reset. With the keyboard: + and − zoom, ← and → move, 0 resets."),
                anyMean ? el("p", { class: "muted" }, "Means are over seeds; of long series they are over moving averages of a twentieth of the steps, extremes left out.") : null,
                el("p", { class: "muted" }, "Smoothing averages the points that are shown; of curves with more than 2,000 steps these are each part's lowest and highest."),
                (data.notes.curves ?? []).map(note => el("p", { class: "muted" }, note)))),
    ];
}

/** A slider for the weight of the earlier values in a moving average, as TensorBoard has it; 0 leaves the curves as they are. */
function smoothing(changed) {
    const shown = el("output", { class: "muted" }, curves.smooth);
    const slider = el("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: curves.smooth, "aria-label": "smoothing", oninput: () => {
        curves.smooth = Number(slider.value);
        shown.textContent = slider.value;
        changed();
    } });
    return el("span", { class: "slider" }, slider, shown);
}

/**
 * Exponential moving average with weight w: m = w m + (1 - w) x, divided by 1 - w^n, so that the first values are not drawn towards 0
 * (as Adam does with its moments). A gap stays a gap.
 */
function smoothed(values, w) {
    let mean = 0, left = 1;
    return values.map(value => {
        if (value === null) return null;
        mean = w * mean + (1 - w) * value;
        left *= w;
        return mean / (1 - left);
    });
}

/** What happened in the phase to shown experiments, by step. */
function marksOf() {
    const marks = new Map();
    if (!curves.events) return marks;
    for (const event of data.events) {
        if (event.phase !== curves.phase || event.step === null || event.runs.every(r => hidden.has(data.runs[r].experiment))) continue;
        if (!marks.has(event.step)) marks.set(event.step, []);
        marks.get(event.step).push(event);
    }
    return marks;
}

const isBad = event => ["failed", "stop", "roll-back"].includes(event.action);
const markColor = events => cssValue(events.some(isBad) ? "--bad" : events.some(event => event.action === "warn") ? "--warn" : "--strong");

/** A dashed line at each event, and a triangle at its top. */
function drawMarks(self, marks) {
    const { ctx, bbox } = self, size = 5 * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const [step, events] of marks) {
        if (step < self.scales.x.min || step > self.scales.x.max) continue;
        const x = Math.round(self.valToPos(step, "x", true));
        ctx.strokeStyle = ctx.fillStyle = markColor(events);
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        ctx.beginPath();
        ctx.moveTo(x - size, bbox.top);
        ctx.lineTo(x + size, bbox.top);
        ctx.lineTo(x, bbox.top + 1.6 * size);
        ctx.fill();
    }
    ctx.restore();
}

/** Rows for the events near the cursor, those of the nearest step first. */
function markRows(self, marks, left) {
    const near = [...marks].map(([step, events]) => ({ events, distance: Math.abs(self.valToPos(step, "x") - left) }))
        .filter(mark => mark.distance <= 6).sort((a, b) => a.distance - b.distance).flatMap(mark => mark.events);
    return [...near.slice(0, 4).map(event => el("div", { class: "mark", style: { color: markColor([event]) } },
        el("b", null, `${event.source}: ${event.action}`), ` at ${event.step.toLocaleString("en-US")}, ${runsInWords(event.runs)}: ${event.message}`)),
        ...(near.length > 4 ? [el("div", { class: "muted" }, `and ${near.length - 4} more events`)] : [])];
}

const namesOf = phase => data.curves.names.flatMap((_, name) => runCurves.has(curveKey(name, phase)) ? [name] : []);

/** Key metrics that were measured in the phase; else losses, else what was logged first. */
function defaultNames() {
    const there = namesOf(curves.phase);
    const key = data.key.map(m => data.curves.names.indexOf(`metric/${data.metrics[m].name}`)).filter(name => there.includes(name));
    // One evaluation is no curve.
    const drawn = key.filter(name => runCurves.get(curveKey(name, curves.phase)).some(curve => curve.values.length > 1));
    const losses = there.filter(name => /(^total$|loss)/i.test(data.curves.names[name]));
    return [...new Set([...drawn.slice(0, 6), ...losses, ...there])].slice(0, Math.min(6, Math.max(drawn.length, 4)));
}

function fillNames(list, grid) {
    const words = curves.words.toLowerCase().split(/\s+/).filter(word => word);
    const groups = new Map();
    for (const name of namesOf(curves.phase)) {
        const text = data.curves.names[name];
        if (!words.every(word => text.toLowerCase().includes(word))) continue;
        const group = groupOf(text);
        if (!groups.has(group)) groups.set(group, []);
        groups.get(group).push(name);
    }
    const order = name => metricIndex.get(data.curves.names[name]) ?? Infinity;
    list.replaceChildren(...[...groups].sort((a, b) => Math.min(...a[1].map(order)) - Math.min(...b[1].map(order)) || 0).map(([group, names]) =>
        el("fieldset", null, el("legend", null, group), names.sort((a, b) => order(a) - order(b) || a - b).map(name =>
            labelled(breakable(shownName(data.curves.names[name])), checkbox(curves.chosen.includes(name), on => {
                curves.isOwn = true;
                curves.chosen = on ? [...curves.chosen, name] : curves.chosen.filter(one => one !== name);
                drawCurves(grid);
            }))))));
    if (groups.size === 0) list.append(el("p", { class: "muted" }, "No name has these words."));
}

/** From the first to the last step of the phase. */
function fullRange() {
    let [low, high] = [Infinity, -Infinity];
    for (const curve of data.curves.runs) {
        if (curve.phase !== curves.phase) continue;
        const column = stepsOf(curve.steps);
        if (column.length > 0) [low, high] = [Math.min(low, column[0]), Math.max(high, column[column.length - 1])];
    }
    return low < high ? [low, high] : [low - 1, high + 1];
}

function setZoom(range) {
    const [low, high] = fullRange();
    if (range !== null) {
        const width = Math.min(range[1] - range[0], high - low), start = Math.min(Math.max(range[0], low), high - width);
        range = width >= high - low || !(width > 0) ? null : [start, start + width];
    }
    curves.zoom = range;
    const [min, max] = range ?? [low, high];
    for (const chart of curves.charts) chart.setScale("x", { min, max });
}

function drawCurves(grid) {
    for (const chart of curves.charts) chart.destroy();
    curves.charts = [];
    grid.dataset.width = String(grid.clientWidth);
    grid.replaceChildren();
    if (curves.chosen.length === 0) grid.append(el("p", { class: "muted" }, "Choose curves from the list."));
    const places = curves.chosen.map(name => {
        const metric = data.metrics[metricIndex.get(data.curves.names[name])];
        const note = metric ? [metric.unit, better(metric.higherIsBetter)].filter(text => text).join("; ") : "";
        const place = el("div", { class: "chart", tabindex: 0, role: "img", "aria-label": `Curves of ${shownName(data.curves.names[name])}` },
            el("h3", null, shownName(data.curves.names[name]), note ? el("span", { class: "muted" }, ` ${note}`) : null));
        place.addEventListener("keydown", zoomByKey);
        return place;
    });
    grid.append(...places);
    places.forEach((place, i) => drawChart(place, curves.chosen[i]));
}

function zoomByKey(event) {
    const [low, high] = curves.zoom ?? fullRange(), width = high - low, middle = (low + high) / 2;
    const range = { "+": [middle - width / 4, middle + width / 4], "=": [middle - width / 4, middle + width / 4], "-": [middle - width, middle + width],
        ArrowLeft: [low - width / 4, high - width / 4], ArrowRight: [low + width / 4, high + width / 4], 0: null }[event.key];
    if (range === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setZoom(range);
}

/** The lines of a chart: thin ones of runs below strong ones of means. */
function linesOf(name) {
    const key = curveKey(name, curves.phase), lines = [];
    const means = (meanCurves.get(key) ?? []).filter(curve => !hidden.has(curve.of));
    if (curves.runs || means.length === 0) {
        for (const curve of runCurves.get(key) ?? []) {
            const e = data.runs[curve.of].experiment;
            if (hidden.has(e)) continue;
            const isFaint = curves.means && means.some(mean => mean.of === e);
            lines.push({ e, curve, isFaint, label: runName(curve.of) });
        }
    }
    if (curves.means) for (const curve of means) lines.push({ e: curve.of, curve, isFaint: false, label: `${data.experiments[curve.of].name}, ${runsOf[curve.of].length > 1 ? "mean" : "average"}` });
    if (!curves.runs) {
        // An experiment without a mean has one run, which stands for it.
        for (const curve of runCurves.get(key) ?? []) {
            const e = data.runs[curve.of].experiment;
            if (!hidden.has(e) && means.length > 0 && !means.some(mean => mean.of === e)) lines.push({ e, curve, isFaint: false, label: runName(curve.of) });
        }
    }
    return lines;
}

function drawChart(place, name) {
    const lines = linesOf(name);
    const shown = values => curves.isLog ? values.map(value => value > 0 ? value : null) : values;
    // With smoothing the raw curves are faint and lie behind.
    const drawn = curves.smooth === 0 ? lines.map(line => ({ ...line, column: shown(line.curve.values), isRaw: false }))
        : [...lines.map(line => ({ ...line, column: shown(line.curve.values), isRaw: true })),
            ...lines.map(line => ({ ...line, column: shown(smoothed(line.curve.values, curves.smooth)), isRaw: false }))];
    const tables = drawn.map(line => [stepsOf(line.curve.steps), line.column]);
    const marks = marksOf();
    if (!tables.some(([, column]) => column.some(value => value !== null))) {
        place.append(el("p", { class: "muted" }, lines.length === 0 ? "No experiment is shown." : curves.isLog ? "No value is above 0." : "No value is finite."));
        return;
    }
    if (curves.isLog && lines.some(line => line.curve.values.some(value => value !== null && value <= 0))) {
        place.firstChild.append(el("span", { class: "muted" }, " (values of 0 or less are left out)"));
    }
    const joined = uPlot.join(tables);
    const grid = { stroke: cssValue("--line"), width: 1 }, stroke = cssValue("--muted"), font = "12px system-ui, sans-serif";
    const tip = el("div", { class: "tip", hidden: true });
    const chart = new uPlot({
        width: curves.printing ? 330 : Math.max(200, place.clientWidth - 2), height: 230, legend: { show: false },
        padding: [12, 22, 0, 0],
        cursor: {
            sync: { key: "curves", setSeries: false, scales: ["x", null] }, points: { show: false }, drag: { x: true, y: false, setScale: false },
            dataIdx: (self, series, index) => nearestIndex(self, series, index), bind: { dblclick: () => () => { setZoom(null); return null; } },
        },
        scales: { x: { time: false, range: () => curves.zoom ?? fullRange() }, y: { distr: curves.isLog ? 3 : 1 } },
        axes: [{ stroke, grid, ticks: grid, font, size: 34, values: (_, ticks) => ticks.map(tick => brief(tick)) },
            { stroke, grid, ticks: grid, font, size: 62, values: (_, ticks) => ticks.map(tick => tick === null ? "" : brief(tick)) }],
        series: [{}, ...drawn.map(({ e, curve, isFaint, isRaw }) => {
            const color = colorOf(e), isThin = isFaint || isRaw;
            return {
                stroke: isRaw ? `${color}${isFaint ? "22" : "44"}` : isFaint ? `${color}55` : color, width: isThin ? 1 : 1.75,
                dash: isThin ? undefined : data.experiments[e].dash,
                // few values are shown as they are, many are a line
                points: { show: curve.values.length <= 40 && !isThin, size: 5, fill: isOpen(e) ? cssValue("--page") : color },
            };
        })],
        hooks: {
            draw: [self => drawMarks(self, marks)],
            setCursor: [self => fillTip(self, tip, drawn, marks)],
            setSelect: [self => {
                if (self.select.width > 2) setZoom([self.posToVal(self.select.left, "x"), self.posToVal(self.select.left + self.select.width, "x")]);
                self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            }],
        },
    }, joined, place);
    chart.over.append(tip);
    chart.over.addEventListener("mouseleave", () => { tip.hidden = true; });
    curves.charts.push(chart);
}

/** The place of a line's value that is nearest to the cursor: lines have values at different steps. */
function nearestIndex(self, series, index) {
    const column = self.data[series];
    if (series === 0 || typeof column[index] === "number") return index;
    let [left, right] = [index, index];
    while (left >= 0 && typeof column[left] !== "number") left--;
    while (right < column.length && typeof column[right] !== "number") right++;
    if (left < 0) return right < column.length ? right : null;
    if (right >= column.length) return left;
    const x = self.posToVal(self.cursor.left, "x");
    return x - self.data[0][left] <= self.data[0][right] - x ? left : right;
}

/** Values at the cursor: those of the nearest lines, from top to bottom. */
function fillTip(self, tip, lines, marks) {
    const { left, top, idxs } = self.cursor;
    tip.hidden = left < 0 || !self.over.matches(":hover");
    if (tip.hidden) return;
    const x = self.posToVal(left, "x"), far = (self.scales.x.max - self.scales.x.min) * 0.03;
    const near = lines.map((line, i) => ({ line, step: self.data[0][idxs[i + 1]], value: self.data[i + 1][idxs[i + 1]] }))
        .filter(({ line, value }) => {
            if (line.isRaw) return false;
            const column = stepsOf(line.curve.steps);
            // beside its ends a line has no value
            return typeof value === "number" && x >= column[0] - far && x <= column[column.length - 1] + far;
        })
        .map(one => ({ ...one, distance: Math.abs(self.valToPos(one.value, "y") - top) }))
        .sort((a, b) => a.distance - b.distance);
    const events = markRows(self, marks, left);
    if (near.length === 0 && events.length === 0) { tip.hidden = true; return; }
    const shown = near.slice(0, 8).sort((a, b) => b.value - a.value);
    tip.replaceChildren(el("div", { class: "muted" }, `step ${Math.round(x).toLocaleString("en-US")}`),
        ...shown.map(one => el("div", { class: one === near[0] ? "row nearest" : "row" }, swatch(one.line.e), el("span", { class: "name" }, one.line.label),
            el("b", null, brief(one.value)), el("span", { class: "muted" }, `at ${one.step.toLocaleString("en-US")}`))),
        ...(near.length > shown.length ? [el("div", { class: "muted" }, `and ${near.length - shown.length} more`)] : []), ...events);
    const isRight = left > self.over.clientWidth / 2;
    Object.assign(tip.style, { left: isRight ? "" : `${left + 14}px`, right: isRight ? `${self.over.clientWidth - left + 14}px` : "", top: "4px" });
}
