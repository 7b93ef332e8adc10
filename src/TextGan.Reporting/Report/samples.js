// Texts of evaluations, two lists side by side, and what each judge says of each text.

let samplesOf;
derive(() => { samplesOf = data.runs.map((_, r) => data.samples.filter(one => one.run === r)); });

// Of a side: its run and the place of its evaluation, null for the newest one.
const samples = { words: "", sort: "", sides: null };

function samplesPanel() {
    const runs = data.runs.map((_, r) => r).filter(r => samplesOf[r].length > 0);
    if (runs.length === 0) return [el("p", { class: "muted" }, "The runs' folders have no samples.")];
    const judges = [...new Set(data.samples.flatMap(one => one.judges))];
    const state = samples;
    state.sides ??= [{ run: runs[0], at: 0 }, { run: runs[0], at: null }];
    const sort = typeof state.sort === "string" ? state.sort : `${state.sort.sign > 0 ? "+" : "-"}${judges.indexOf(state.sort.judge)}`;
    const places = [0, 1].map(() => el("div", { class: "side" }));
    const draw = () => places.forEach((place, i) => drawSide(place, state, state.sides[i], runs, draw));
    const filter = el("input", { type: "search", placeholder: "Search texts", "aria-label": "Search texts", value: state.words, oninput: soon(() => { state.words = filter.value; draw(); }) });
    draw();
    return [
        el("div", { class: "controls" }, filter, labelled("Sort by", select([["", "order of the file"], ["tokens", "tokens"], ...judges.flatMap((judge, j) =>
            [[`+${j}`, `${judge}, highest first`], [`-${j}`, `${judge}, lowest first`]])], sort, value => {
            state.sort = value === "" || value === "tokens" ? value : { judge: judges[Number(value.slice(1))], sign: value[0] === "+" ? 1 : -1 };
            draw();
        }))),
        (data.notes.samples ?? []).map(note => el("p", { class: "muted" }, note)),
        el("div", { class: "sides" }, places),
    ];
}

const evaluationName = one => `${data.phases[one.phase]}, ${one.step.toLocaleString("en-US")}`;

function drawSide(place, state, side, runs, draw) {
    const all = samplesOf[side.run], at = side.at ?? all.length - 1, chosen = all[at];
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.control : null;
    const move = by => { side.at = Math.min(all.length - 1, Math.max(0, at + by)); draw(); };
    const run = select(runs.map(r => [r, runName(r)]), side.run, value => {
        side.run = Number(value);
        // the same evaluation of the other run, if it has one
        const same = samplesOf[side.run].findIndex(one => one.phase === chosen.phase && one.step === chosen.step);
        side.at = same < 0 || (side.at === null && same === samplesOf[side.run].length - 1) ? null : same;
        draw();
    });
    const evaluation = select(all.map((one, i) => [i, evaluationName(one)]), at, value => { side.at = Number(value); draw(); });
    const [before, after] = [[-1, "◀", "Earlier evaluation"], [1, "▶", "Later evaluation"]].map(([by, text, label]) =>
        el("button", { type: "button", class: "small", "aria-label": label, title: label, disabled: by < 0 ? at === 0 : at === all.length - 1, onclick: () => move(by) }, text));
    [run, evaluation, before, after].forEach((control, i) => { control.dataset.control = String(i); });
    run.setAttribute("aria-label", "Run");
    evaluation.setAttribute("aria-label", "Evaluation");
    const words = state.words.toLowerCase().split(/\s+/).filter(word => word);
    let texts = chosen.texts.filter(text => words.every(word => `${text.prompt ?? ""} ${text.text}`.toLowerCase().includes(word)));
    if (state.sort === "tokens") texts = [...texts].sort((a, b) => b.tokens - a.tokens);
    else if (state.sort !== "") {
        const judge = chosen.judges.indexOf(state.sort.judge);
        const key = text => judge < 0 || text.scores[judge] === null ? -Infinity : state.sort.sign * text.scores[judge];
        texts = [...texts].sort((a, b) => key(b) - key(a));
    }
    const means = chosen.judges.map((judge, j) => {
        const scores = texts.map(text => text.scores[j]).filter(score => score !== null);
        return scores.length === 0 ? null : chip(judge, scores.reduce((sum, score) => sum + score, 0) / scores.length);
    });
    place.replaceChildren(
        el("div", { class: "controls" }, run, evaluation, before, after),
        el("p", { class: "muted" }, words.length > 0 ? `${texts.length} of ${plural(chosen.texts.length, "text")}`
            : plural(texts.length, "text"), chosen.total > chosen.texts.length ? ` (of ${chosen.total.toLocaleString("en-US")} in the folder)` : "",
            means.some(mean => mean) ? [", mean scores: ", ...means] : ""),
        el("ol", { class: "texts" }, texts.map(text => el("li", null,
            text.prompt === null ? null : el("div", { class: "prompt" }, marked(text.prompt, words)),
            el("div", { class: "text" }, text.text === "" ? el("span", { class: "muted" }, "(empty)") : marked(text.text, words),
                text.ended ? null : el("span", { class: "muted", title: "cut at the experiment's length" }, " ⋯")),
            el("div", { class: "chips" }, text.scores.map((score, j) => score === null ? null : chip(chosen.judges[j], score)),
                el("span", { class: "muted" }, plural(text.tokens, "token")))))));
    if (focused !== null) {
        const control = place.querySelector(`[data-control="${focused}"]`);
        (control.disabled ? evaluation : control).focus();
    }
}

const chip = (judge, score) => el("span", { class: `chip ${score >= 0 ? "plus" : "minus"}` }, judge, " ", el("b", null, brief(score, 3)));

/** A text whose words of the search are marked. */
function marked(text, words) {
    if (words.length === 0) return [text];
    const pattern = new RegExp(`(${words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
    return text.split(pattern).map((part, i) => i % 2 === 1 ? el("mark", null, part) : part);
}
