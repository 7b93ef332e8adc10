// Quality against diversity: two metrics against each other, axes turned so that the upper right is better.

const tradeoff = { x: null, y: null, path: true };

function tradeoffPanel() {
    const measured = data.metrics.map((_, m) => m).filter(m => data.runs.some(run => run.values[m] !== null));
    if (measured.length < 2) return [el("p", { class: "muted" }, "The runs have not measured two metrics.")];
    const state = tradeoff;
    if (!measured.includes(state.x) || !measured.includes(state.y)) [state.x, state.y] = data.planes[0] ?? measured;
    const place = el("div", { class: "plane" });
    const options = measured.map(m => [m, `${data.metrics[m].name}${data.metrics[m].higherIsBetter === null ? "" : ` (${better(data.metrics[m].higherIsBetter)})`}`]);
    const horizontal = select(options, state.x, value => { state.x = Number(value); draw(); });
    const vertical = select(options, state.y, value => { state.y = Number(value); draw(); });
    const draw = () => {
        place.dataset.width = String(place.clientWidth);
        place.replaceChildren(planeOf(state, curves.printing ? 680 : Math.max(340, Math.min(980, place.clientWidth))));
    };
    const planes = data.planes.map(([x, y]) => el("button", {
        type: "button", class: "small", onclick: () => { [state.x, state.y] = [x, y]; horizontal.value = x; vertical.value = y; draw(); },
    }, `${data.metrics[y].name} against ${data.metrics[x].name}`));
    whenResized(place, draw);
    redraw.theme.push(draw);
    redraw.shown.push(draw);
    draw();
    return [
        legend(),
        el("div", { class: "controls" }, labelled("Vertical", vertical), labelled("Horizontal", horizontal),
            labelled("path over the training", checkbox(state.path, on => { state.path = on; draw(); })), planes.length > 1 ? planes : null),
        place,
        el("p", { class: "muted" }, "Large marker: mean over the seeds of their last evaluations. Rings: seeds. Line: mean over seeds from the first evaluation to the last. " +
            "An axis whose lower values are better runs backwards, so that the upper right is better."),
    ];
}

function planeOf(state, width) {
    const [x, y] = [data.metrics[state.x], data.metrics[state.y]];
    const names = [x, y].map(metric => data.curves.names.indexOf(`metric/${metric.name}`));
    const experiments = data.experiments.map((_, e) => e).filter(e => !hidden.has(e)).map(e => {
        const seeds = runsOf[e].map(r => ({ r, at: [data.runs[r].values[state.x], data.runs[r].values[state.y]] })).filter(({ at }) => at[0] !== null && at[1] !== null);
        if (seeds.length === 0) return null;
        const mean = [0, 1].map(k => seeds.reduce((sum, seed) => sum + seed.at[k], 0) / seeds.length);
        return { e, seeds, mean, path: state.path ? pathOf(names, e) : [] };
    }).filter(one => one !== null);
    if (experiments.length === 0) return el("p", { class: "muted" }, "No shown experiment has measured both.");
    const all = experiments.flatMap(one => [...one.seeds.map(seed => seed.at), ...one.path]);
    const height = Math.min(540, Math.round(width * 0.55) + 60), left = 74, right = 20, top = 16, bottom = 52;
    const axes = [x, y].map((metric, k) => axisOf(all.map(at => at[k]), metric.higherIsBetter === false, k === 0 ? left : height - bottom, k === 0 ? width - right : top));
    const at = ([a, b]) => [axes[0].at(a), axes[1].at(b)];
    const [line, muted, text] = [cssValue("--line"), cssValue("--muted"), cssValue("--text")];
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${y.name} against ${x.name}` });
    const write = (content, attributes) => { const label = svg("text", { fill: muted, "font-size": 12, ...attributes }); label.textContent = content; return label; };
    for (const tick of axes[0].ticks) {
        const place = axes[0].at(tick);
        picture.append(svg("line", { x1: place, x2: place, y1: top, y2: height - bottom, stroke: line }), write(brief(tick), { x: place, y: height - bottom + 17, "text-anchor": "middle" }));
    }
    for (const tick of axes[1].ticks) {
        const place = axes[1].at(tick);
        picture.append(svg("line", { x1: left, x2: width - right, y1: place, y2: place, stroke: line }), write(brief(tick), { x: left - 8, y: place + 4, "text-anchor": "end" }));
    }
    const titled = metric => [metric.name, better(metric.higherIsBetter)].filter(part => part).join(", ");
    picture.append(write(titled(x) + (x.higherIsBetter === false ? " ←" : ""), { x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle", fill: text, "font-size": 13 }),
        write(titled(y), { x: 0, y: 0, "text-anchor": "middle", fill: text, "font-size": 13, transform: `translate(14 ${(top + height - bottom) / 2}) rotate(-90)` }));
    for (const one of experiments) {
        const color = colorOf(one.e);
        const hint = (lines, element) => { const title = svg("title"); title.textContent = lines; element.append(title); return element; };
        if (one.path.length > 1) {
            const places = one.path.map(at), [first] = places;
            picture.append(svg("polyline", { points: places.map(place => place.join(",")).join(" "), fill: "none", stroke: color, "stroke-width": 1.25,
                "stroke-dasharray": data.experiments[one.e].dash.join(" ") || null, opacity: 0.8 }),
                svg("rect", { x: first[0] - 2.5, y: first[1] - 2.5, width: 5, height: 5, fill: color }));
        }
        const words = values => `${x.name} ${brief(values[0])}, ${y.name} ${brief(values[1])}`;
        if (one.seeds.length > 1) for (const seed of one.seeds) {
            const [px, py] = at(seed.at);
            picture.append(hint(`${runName(seed.r)}: ${words(seed.at)}`, svg("circle", { cx: px, cy: py, r: 4, fill: "none", "pointer-events": "all", stroke: color, "stroke-width": 1.25 })));
        }
        const [px, py] = at(one.mean);
        picture.append(hint(`${data.experiments[one.e].name}: ${words(one.mean)}`, svg("path", { class: "mean", d: markerPath(one.e, px, py, 6.5), stroke: color, "stroke-width": 2,
            "pointer-events": "all", fill: isOpen(one.e) ? cssValue("--page") : color })));
        if (experiments.length <= 8) {
            const isLate = px > width * 0.7;
            picture.append(write(data.experiments[one.e].name, { x: isLate ? px - 11 : px + 11, y: py - 8, fill: text, "text-anchor": isLate ? "end" : "start" }));
        }
    }
    return picture;
}

/** Both metrics' means at the evaluations of the adversarial phase, or of pretraining where there is no such phase. */
function pathOf(names, e) {
    for (const phase of [2, 0]) {
        const [xs, ys] = names.map(name => meanOf(name, phase, e));
        if (!xs || !ys) continue;
        const byStep = new Map(stepsOf(ys.steps).map((step, i) => [step, ys.values[i]]));
        return stepsOf(xs.steps).map((step, i) => [xs.values[i], byStep.get(step)]).filter(at => typeof at[0] === "number" && typeof at[1] === "number");
    }
    return [];
}

function axisOf(values, isReversed, from, to) {
    let [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = (high - low || Math.abs(high) || 1) * 0.06;
    [low, high] = [low - pad, high + pad];
    const rough = (high - low) / 8, power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10), ticks = [];
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(Number(tick.toPrecision(12)));
    const share = value => (isReversed ? high - value : value - low) / (high - low);
    return { ticks, at: value => Number((from + (to - from) * share(value)).toFixed(1)) };
}
