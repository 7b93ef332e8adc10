// A page that `textgan watch` serves asks whether runs have logged more, and shows it in place. What the reader has chosen stays.

const live = { every: 2000, next: null, trouble: null, problems: [], input: -Infinity, isPressed: false, wake: null,
    line: el("p", { id: "live", class: "muted", role: "status" }) };
document.querySelector("header").append(live.line);

async function ask(path, seconds) {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(seconds * 1000) });
    if (answer.ok) return answer.json();
    throw new Error(answer.status === 401 ? "The token has changed: open the address that textgan watch has printed." : `The server answers ${answer.status}.`);
}

async function look() {
    try {
        const { state, problems } = await ask("state", 60);
        live.problems = problems;
        if (state !== (live.next ?? data).state) live.next = await ask("data", 600);
        live.trouble = null;
    } catch (problem) {
        live.trouble = problem instanceof TypeError || problem.name === "TimeoutError"
            ? "No connection: textgan watch has ended or cannot be reached. Trying again." : problem.message;
    }
    tell();
}

/** Says what there is to know; the same words are not said anew. */
function tell() {
    const words = [live.trouble, ...live.problems, data.runs.length === 0
        ? "No run has logged anything yet. Runs are shown as soon as they do." : "Live: what runs log is shown here."].filter(text => text).join(" ");
    if (live.line.textContent !== words) live.line.textContent = words;
    live.line.classList.toggle("bad", live.trouble !== null || live.problems.length > 0);
}

/** Whether the reader does something that new data would interrupt: drags, types, has a list of choices open, selects text, points at a curve. */
function isBusy() {
    const isReading = live.isPressed || document.activeElement?.matches("select") || !getSelection().isCollapsed
        || document.querySelector(".tip:not([hidden])") !== null;
    return document.body.classList.contains("printing") || performance.now() - live.input < (isReading ? 10000 : 1000);
}

for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel", "keydown", "wheel"]) {
    addEventListener(kind, event => {
        live.input = performance.now();
        if (event instanceof PointerEvent) live.isPressed = event.buttons !== 0;
    }, { capture: true, passive: true });
}

/** Where a panel and what is in it are scrolled to, and what has the focus: a function that brings all of it back. */
function placesIn(panel) {
    const boxes = () => [...panel.querySelectorAll(".box, .names, .legend")];
    const scrolled = boxes().map(box => [box.scrollLeft, box.scrollTop]), page = [scrollX, scrollY];
    const nameOf = one => one.getAttribute("aria-label") ?? (one.tagName === "SELECT" ? one.parentElement.firstChild : one.closest("label") ?? one).textContent;
    const focus = document.activeElement !== panel && panel.contains(document.activeElement) ? document.activeElement : null;
    const name = focus && nameOf(focus), range = focus?.type === "search" ? [focus.selectionStart, focus.selectionEnd] : null;
    const alike = () => focus === null ? [] : [...panel.querySelectorAll(focus.tagName)].filter(one => nameOf(one) === name);
    const index = alike().indexOf(focus);
    return () => {
        boxes().forEach((box, i) => { if (scrolled[i]) [box.scrollLeft, box.scrollTop] = scrolled[i]; });
        const again = alike()[index];
        again?.focus({ preventScroll: true });
        if (again && range) again.setSelectionRange(...range);
        scrollTo(...page);
    };
}

/** Shows other data. Their indexes are others, so what the reader has chosen is found again by its name. */
function renew(next) {
    const before = data;
    const moved = (list, key) => {
        const places = new Map(list(next).map((one, i) => [key(one, next), i]));
        return i => places.get(key(list(before)[i], before));
    };
    const experiment = moved(of => of.experiments, one => one.name), metric = moved(of => of.metrics, one => one.name);
    const name = moved(of => of.curves.names, one => one);
    const run = moved(of => of.runs, (one, of) => `${of.experiments[one.experiment].name}/${one.seed}`);
    const isThere = index => index !== undefined;
    const evaluations = samples.sides?.map(side => side.at === null ? null : samplesOf[side.run][side.at]);
    const sides = samples.sides?.map(side => run(side.run));
    const stillHidden = [...hidden].map(experiment).filter(isThere);
    hidden.clear();
    for (const e of stillHidden) hidden.add(e);
    curves.chosen = curves.chosen.map(name).filter(isThere);
    if (summary.sort !== null) summary.sort = metric(summary.sort) ?? null;
    if (tradeoff.x !== null) [tradeoff.x, tradeoff.y] = [metric(tradeoff.x) ?? null, metric(tradeoff.y) ?? null];

    const shown = panels.findIndex(panel => panel.classList.contains("shown"));
    const restore = placesIn(panels[shown]);
    panels[shown].style.minHeight = `${panels[shown].offsetHeight}px`; // charts have their height a moment after they are made; the page must not get shorter
    for (const chart of curves.charts) chart.destroy();
    curves.charts = [];
    for (const observer of redraw.observers) observer.disconnect();
    [redraw.theme, redraw.shown, redraw.observers] = [[], [], []];
    for (const panel of panels) {
        delete panel.dataset.filled;
        panel.replaceChildren();
    }
    data = next;
    for (const make of derivations) make();
    // The same evaluation, or the last one before it where it was left out to keep the page small.
    samples.sides = sides?.every(r => isThere(r) && samplesOf[r].length > 0) ? sides.map((r, i) => {
        const was = evaluations[i];
        return { run: r, at: was === null ? null
            : Math.max(0, samplesOf[r].findLastIndex(one => one.phase < was.phase || (one.phase === was.phase && one.step <= was.step))) };
    }) : null;
    document.title = data.title;
    fill(shown);
    for (const draw of redraw.shown) draw(); // now, and not when the page is laid out, so that nothing flickers
    restore();
    requestAnimationFrame(() => { panels[shown].style.minHeight = ""; });
}

/** Shows what has come, once the reader pauses. */
function take() {
    if (live.next === null || isBusy()) return;
    const next = live.next;
    live.next = null;
    try {
        renew(next);
        tell();
    } catch (problem) {
        console.error(problem); // data of another version
        location.reload();
    }
}

async function follow() {
    for (;;) {
        if (!document.hidden) await look();
        await new Promise(resolve => {
            live.wake = resolve;
            setTimeout(resolve, live.every);
        });
    }
}

document.addEventListener("visibilitychange", () => live.wake?.());
setInterval(take, 250);
follow();
