// The side: facts of the chosen vehicle, events, series, layers, keys. Text from a scenario only ever becomes a text node.

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}

const TABS = ["overview", "facts", "events", "series", "layers", "keys"];
const side = (id) => document.getElementById(id);

function openTab(name) {
  for (const tab of TABS) {
    side(tab).hidden = tab !== name;
    side(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
  }
}

function rows(pairs) {
  const list = element("dl");
  for (const [name, value] of pairs) list.append(element("dt", {}, name), element("dd", {}, value));
  return list;
}

function tellFacts(show) {
  const box = side("facts"), pane = show.panes[show.chosenPane], traffic = pane.traffic, chosen = show.chosen;
  if (show.unit >= 0) return tellUnit(show, box, pane);
  if (chosen < 0) {
    if (box.dataset.none !== language) box.replaceChildren(element("p", { class: "hint" }, T("facts.none")));
    box.dataset.none = language;
    return;
  }
  delete box.dataset.none;
  const n = traffic.row(chosen), id = pane.run.tracks.ids[chosen], card = traffic.cards[traffic.card[chosen]];
  const told = [[T("card"), `${card.name}: ${card.description}`], [T("kind"), T(`kind.${traffic.kind[chosen]}`) + (traffic.kind[chosen] === traffic.fitted[chosen] ? "" : T("kind.taken.over"))]];
  if (n < 0) told.push([T("where"), T("not.on.road")]);
  else {
    const edge = pane.run.scene.lanes.edge[traffic.on[n]], edges = pane.run.scene.edges;
    const leader = traffic.ahead(n), slow = traffic.speed[n] < 0.5;
    told.push([T("speed"), `${(traffic.speed[n] * 3.6).toFixed(0)} km/h`]);
    told.push([T("gap"), leader ? T("gap.to", leader.gap.toFixed(1), pane.run.tracks.ids[traffic.track[leader.row]]) : T("gap.free")]);
    told.push([T("where"), `${placeText(edges, edge)} · ${pane.run.scene.lanes.id[traffic.on[n]]} · ${traffic.at[n].toFixed(0)} m`]);
    if (slow) told.push([T("waits"), reasonText(pane, chosen)]);
  }
  if (pane.air.there) told.push(...heardRows(pane.air.of(traffic.rank.get(id), show.time), traffic.connected[chosen]));
  const advice = pane.run.advised?.findLast(([who, time]) => who === id && time <= show.time);
  if (advice) told.push([T("advised"), T("advised.at", clockText(advice[1]))]);
  const own = show.events.filter((e) => e.pane === show.chosenPane && (e.subject === id || e.other === id)).slice(0, 8);
  box.replaceChildren(element("h2", {}, id), rows(told), ...(n < 0 ? [] : believedRows(show, pane, chosen)), ...own.map((e) => eventButton(show, e)));
}

function edgeText(edges, id) {
  const edge = edges.id.indexOf(id);
  return edge < 0 ? id : placeText(edges, edge);
}

// A road by its name, a way through a junction by the junction's.
function placeText(edges, edge) {
  return edges.internal[edge] ? T("in.junction", edges.id[edge].replace(/^:/, "").replace(/_[^_]*$/, "")) : edges.name[edge] || edges.id[edge];
}

function reasonText(pane, track) {
  const { traffic, roads } = pane, why = traffic.reason(track), n = traffic.row(track);
  if (!why) return T("waits.unknown");
  const way = why.kind === "light" && n >= 0 ? roads.exits[traffic.on[n]]?.find((e) => roads.strip[e.target] >= 0) : null;
  if (way) return T(`waits.way.${wayState(pane, way.target)}`, placeText(roads.scene.edges, roads.scene.lanes.edge[way.target]));
  return T(TEXTS[`waits.${why.kind}`] ? `waits.${why.kind}` : "waits.other", why.other >= 0 ? traffic.run.tracks.ids[why.other] : why.kind);
}

// Of who wants onto a shared strip: whether his direction has the way, the other, or nobody.
function wayState(pane, lane) {
  const turn = pane.turns[pane.roads.strip[lane]];
  return turn < 0 ? "nobody" : turn === pane.roads.against[lane] ? "own" : "other";
}

// What a station hears and how old what it knows is.
function heardRows(air, fitted) {
  if (!air) return [[T("air"), T(fitted ? "air.silent" : "air.none")]];
  const age = air.age === NOTHING ? "–" : `${air.age * 10} ms`;
  return [[T("air.hears"), T("air.of", air.latest, air.near)], [T("air.heard"), T("air.by", air.heardBy, air.near)], [T("air.age"), age], [T("air.load"), T("air.per.second", air.load)]];
}

// What the chosen one knows of the nearest others: how old it is, and how far from the truth of now.
function believedRows(show, pane, chosen) {
  const { traffic, roads, air } = pane, told = air.believes(traffic.rank.get(pane.run.tracks.ids[chosen]), show.time);
  if (!told?.rows.length) return [];
  const list = element("ul", { class: "links" });
  for (const { about, age, lane, place } of told.rows) {
    const row = traffic.row(about);
    if (row < 0) continue;
    const p = roads.place(lane, place), off = Math.hypot(p.x - traffic.x[row], p.y - traffic.y[row]);
    const text = age === NOTHING ? T("belief.none") : age === NOTHING - 1 ? T("belief.old") : T("belief.age", (age / 100).toFixed(2), (off).toFixed(1));
    list.append(element("li", {}, element("button", { type: "button", class: "event", onclick: () => show.choose(about, show.chosenPane) }, pane.run.tracks.ids[about], element("small", { class: age <= FRESH ? "known" : "unknown" }, text))));
  }
  return [element("h3", {}, T("belief.title")), element("p", { class: "hint" }, T("belief.when", clockText(told.time))), list];
}

// A roadside unit: its figures, and of each vehicle within its range what the two know of each other.
function tellUnit(show, box, pane) {
  delete box.dataset.none;
  const unit = pane.air.units[show.unit], list = element("ul", { class: "links" });
  const age = (x) => (x === NOTHING ? T("air.nothing") : `${(x / 100).toFixed(2)} s`);
  pane.air.links(show.time, (at, who, heard, told) => {
    if (at !== show.unit || pane.traffic.row(who) < 0) return;
    const choose = () => show.choose(who, show.chosenPane);
    list.append(element("li", {}, element("button", { type: "button", class: "event", onclick: choose }, pane.run.tracks.ids[who], element("small", {}, T("air.link", age(heard), age(told))))));
  });
  box.replaceChildren(element("h2", {}, T("unit", unit.id)), rows(heardRows(pane.air.of(pane.air.many + show.unit, show.time), true)),
    element("h3", {}, T("air.believes")), list.children.length ? list : element("p", { class: "hint" }, T("air.nobody")));
}

// What was tested, whether it passed, the worst moment: of each pane.
function tellOverview(show) {
  const parts = show.panes.flatMap((pane, i) => {
    const about = pane.run.about;
    const wanted = element("ul", { class: "checks" });
    for (const [name, want, got, holds] of about.expect) wanted.append(element("li", { class: holds ? "pass" : "fail" }, `${holds ? "✓" : "✗"} ${T("expected.got", name, want, got)}`));
    for (const reason of about.reasons) wanted.append(element("li", { class: "fail" }, `✗ ${reason}`));
    return [
      element("section", { class: `card ${about.verdict}` }, element("h3", {}, show.panes.length > 1 ? pane.run.label : T("report.result")), element("p", { class: "verdict" }, T(`verdict.${about.verdict}`)), wanted),
      element("section", { class: "card" }, element("h3", {}, T("report.tested")), element("p", {}, T("report.sentence", about.vehicles.toLocaleString("en"), about.map, about.begin, about.end, about.seed)), element("p", { class: "hint" }, about.cards)),
      element("section", { class: "card" }, element("h3", {}, T("report.worst")), ...about.worst.map((m) => momentButton(show, i, m)), about.worst.length ? "" : element("p", {}, T("report.none"))),
    ];
  });
  side("overview").replaceChildren(...parts, legend(show), element("p", { class: "hint" }, T("facts.none")));
}

// The order of the report and the terminal; two runs by turns.
function worstFirst(show) { return [...show.events].sort((a, b) => a.rank - b.rank || a.pane - b.pane); }

// The worst moment of a run, as the report tells it.
function momentButton(show, pane, moment) {
  const go = () => { show.play(false); show.address(`${moment.address}&pane=${pane}`); };
  return element("button", { type: "button", class: "event worst", onclick: go }, dotOf(moment.kind.replace(/^event\./, "")), element("b", {}, clockText(moment.time)),
    ` ${T(moment.kind)} `, element("span", { class: "nobreak" }, moment.how_much), element("small", {}, [moment.who, moment.where && edgeText(show.panes[pane].run.scene.edges, moment.where)].filter(Boolean).join(" · ")),
    element("span", { class: "go" }, T("report.see")));
}

function dotOf(kind) {
  const dot = element("i", { class: "dot" });
  dot.style.background = kindOf(kind).colour;
  return dot;
}

function legend(show) {
  const list = element("ul", { class: "legend" });
  const there = new Set(show.panes.flatMap((p) => [...new Set(p.traffic.fitted)]));
  for (const kind of [...there].sort()) {
    const mark = element("i", { class: `mark kind${kind}` });
    list.append(element("li", {}, mark, T(`kind.${kind}`)));
  }
  return list;
}

const UNITS = { emergency_braking: "m/s²", collision: "m/s", red_light_entry: "m/s", take_over: "s", conflict: "s" };

function eventButton(show, event) {
  const what = TEXTS[`event.${event.kind}`] ? T(`event.${event.kind}`) : event.kind;
  const who = [event.subject, event.other].filter(Boolean).join(" – ");
  const value = UNITS[event.kind] && event.value !== null ? ` ${Math.abs(event.value).toFixed(1)} ${UNITS[event.kind]}` : "";
  const pane = show.panes.length > 1 ? ` ${show.panes[event.pane].run.label}` : "";
  const which = event.what ? `: ${TEXTS[`fault.${event.what}`] ? T(`fault.${event.what}`) : event.what}` : "";
  return element("button", { type: "button", class: "event", onclick: () => show.jump(event) }, dotOf(event.kind),
    element("b", {}, clockText(event.time)), ` ${what}${which}${value}${pane}`, element("small", {}, who || event.edge || ""));
}

function tellEvents(show) {
  const box = side("events"), many = show.events.length;
  if (!many) return box.replaceChildren(element("p", { class: "hint" }, T("events.none")));
  const counts = {};
  for (const e of show.events) counts[e.kind] = (counts[e.kind] ?? 0) + 1;
  const kinds = element("ul", { class: "legend" });
  for (const [kind, count] of Object.entries(counts)) {
    const toggle = () => { show.muted[show.muted.has(kind) ? "delete" : "add"](kind); tellEvents(show); show.wake(); };
    const pressed = String(!show.muted.has(kind));
    kinds.append(element("li", {}, element("button", { type: "button", class: "kind", "aria-pressed": pressed, onclick: toggle }, dotOf(kind), `${TEXTS[`event.${kind}`] ? T(`event.${kind}`) : kind}: ${count}`)));
  }
  const worst = worstFirst(show);
  const notes = show.panes.some((p) => p.run.events.left_out) ? [element("p", { class: "hint" }, T("events.cut"))] : [];
  box.replaceChildren(kinds, element("p", { class: "hint" }, T("events.order")), ...notes, ...worst.filter((e) => !show.muted.has(e.kind)).slice(0, 200).map((e) => eventButton(show, e)));
}

const CHARTS = [["road", "series.road", "#0072b2"], ["speed", "series.speed", "#d55e00"], ["still", "series.still", "#7b3294"]];

function tellSeries(show) {
  const box = side("series");
  box.replaceChildren();
  show.charts = [];
  const width = Math.max(200, box.clientWidth - 8);
  for (const [name, title, colour] of CHARTS) {
    box.append(element("h3", {}, T(title)));
    const holder = element("div", { class: "chart" });
    box.append(holder);
    const data = [show.panes[0].series.time, ...show.panes.map((p) => p.series[name])];
    const lines = show.panes.map((p, i) => ({ label: p.run.label, stroke: colour, width: 1.5, dash: i ? [6, 4] : undefined, points: { show: false } }));
    const axis = { incrs: [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200], values: (_, ticks, __, ___, step) => ticks.map((t) => clockText(t).slice(0, step < 60 ? 8 : 5)), font: "11px system-ui", space: 60 };
    const chart = new uPlot({
      width, height: 130, legend: { show: false }, scales: { x: { time: false } },
      series: [{}, ...lines], axes: [axis, { font: "11px system-ui", size: 40 }], cursor: { drag: { x: false, y: false } },
    }, data, holder);
    chart.over.addEventListener("click", () => chart.cursor.idx != null && show.seek(data[0][chart.cursor.idx]));
    show.charts.push(chart);
  }
}

// What lies on the ground and needs a word only where it is there.
const GROUND_SIGNS = {
  closed: (s, p) => p.run.closures.length, planned: (s) => s.edges.state.includes("planned"), stop: (s) => s.stops.length,
  crossing: (s) => s.edges.road_class.includes("footway"), house: (s) => s.buildings?.length, posted: (s) => s.signs?.length,
};

function tellLayers(show) {
  const box = side("layers"), ramp = element("div", { class: "ramp" });
  for (const colour of RAMP) {
    const step = element("i");
    step.style.background = colour;
    ramp.append(step);
  }
  const heat = show.layer === "none" ? [] : [element("h3", {}, T(`layer.${show.layer}`)), ramp, element("p", { class: "ends" }, element("span", {}, T(`layer.${show.layer}.bad`)), element("span", {}, T(`layer.${show.layer}.good`)))];
  const signs = element("ul", { class: "legend" });
  const sign = (kind, text) => signs.append(element("li", {}, element("i", { class: kind }), T(text)));
  const has = (test) => show.panes.some((p) => test(p.run.scene, p));
  if (has((s) => s.signals.some((x) => x.kind !== "rail"))) for (const kind of ["red", "yellow", "green"]) sign(`light ${kind}`, `light.${kind}`);
  sign("light brake", "sign.brake");
  if (has((s) => s.passages?.length)) { sign("patch strip", "sign.strip"); sign("patch waiting", "sign.waiting"); }
  for (const [kind, test] of Object.entries(GROUND_SIGNS)) if (has(test)) sign(`patch ${kind}`, `sign.${kind}`);
  if (has((s) => !s.radio && s.roadside.length)) sign("sign silent", "sign.silent");
  if (show.airy && has((_, p) => p.run.faults?.some(([kind]) => kind === "rsu_down"))) sign("sign down", "sign.down");
  for (const kind of ["cell", "jamming"]) if (show.airy && has((s) => s.areas?.some((a) => a.kind === kind))) sign(`patch ${kind}`, `sign.${kind}`);
  if (show.airy) for (const kind of ["unit", "reach", "heard", "told", "lost", "halo", "ghost"]) sign(`sign ${kind}`, `sign.${kind}`);
  const note = show.panes.map((p) => T("thinned", p.run.tracks.period));
  box.replaceChildren(legend(show), ...heat, signs, element("p", { class: "hint" }, note[0]), element("p", { class: "hint" }, T("drawn")));
}

function tellKeys() {
  const list = element("dl");
  for (const [key, text] of [["Space", "key.play"], ["← →", "key.second"], ["Shift ← →", "key.minute"], ["[ ]", "key.event"], ["+ −", "key.zoom"], ["W A S D", "key.move"], ["0", "key.fit"], ["F", "key.follow"], ["N", "key.next"], ["V", "key.air"], ["Esc", "key.none"], [", .", "key.pace"]]) {
    list.append(element("dt", {}, element("kbd", {}, key)), element("dd", {}, T(text)));
  }
  side("keys").replaceChildren(list);
}
