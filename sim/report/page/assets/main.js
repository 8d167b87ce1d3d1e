// Starts the page: unpack, controls, keyboard.

const by = (id) => document.getElementById(id);

function tellTime(show) {
  by("clock").textContent = clockText(show.time);
  const scrub = by("scrub");
  scrub.value = show.time;
  scrub.setAttribute("aria-valuetext", clockText(show.time));
  drawTimeline(by("timeline"), show);
  const now = performance.now();
  if (!show.playing || now - (show.told ?? 0) > 200) { tellFacts(show); show.told = now; }
}

function tellButtons(show) {
  by("play").textContent = show.playing ? `‖ ${T("pause")}` : `▶ ${T("play")}`;
  by("play").setAttribute("aria-pressed", String(show.playing));
  by("before").replaceChildren("‹ ", element("span", { class: "word" }, T("event.before")));
  by("after").replaceChildren(element("span", { class: "word" }, T("event.after")), " ›");
  by("before").title = by("before").ariaLabel = T("key.before");
  by("after").title = by("after").ariaLabel = T("key.after");
  by("before").disabled = by("after").disabled = !show.events.length;
  by("fit").textContent = T("fit");
  by("follow").textContent = T("follow");
  by("follow").disabled = show.chosen < 0;
  by("follow").setAttribute("aria-pressed", String(show.following));
  by("air").hidden = !show.panes.some((p) => p.air.there);
  by("air").textContent = T("air");
  by("air").setAttribute("aria-pressed", String(show.airy));
  by("scrub").setAttribute("aria-label", T("scrub"));
}

function tellHeat(show) {
  const names = ["none", ...new Set(show.panes.flatMap((p) => Object.keys(p.run.heat).filter((k) => k !== "begin")))];
  by("heat").replaceChildren(...names.map((n) => element("option", { value: n, selected: n === show.layer }, T(`layer.${n}`))));
}

function tellAll(show) {
  tellButtons(show);
  tellHeat(show);
  tellOverview(show);
  tellEvents(show);
  tellLayers(show);
  tellKeys();
  if (!side("series").hidden) tellSeries(show);
  show.wake();
}

const KEYS = {
  " ": (s) => s.play(), ArrowLeft: (s, e) => s.seek(s.time - (e.shiftKey ? 60 : 1)), ArrowRight: (s, e) => s.seek(s.time + (e.shiftKey ? 60 : 1)),
  "[": (s) => s.step(-1), "]": (s) => s.step(1), "+": (s) => zoom(s, 1.3), "=": (s) => zoom(s, 1.3), "-": (s) => zoom(s, 1 / 1.3), 0: (s) => s.fit(),
  w: (s) => pan(s, 0, 60), s: (s) => pan(s, 0, -60), a: (s) => pan(s, 60, 0), d: (s) => pan(s, -60, 0), f: (s) => s.follow(), n: (s) => nextVehicle(s), v: (s) => airy(s),
  Escape: (s) => s.choose(-1), ",": (s) => pace(s, -1), ".": (s) => pace(s, 1),
};

function airy(show) { show.airy = !show.airy && show.panes.some((p) => p.air.there); tellButtons(show); tellLayers(show); show.wake(); }
function zoom(show, factor) { show.camera.zoom(factor); show.wake(); }
function pan(show, dx, dy) { show.follow(false); show.camera.move(dx, dy); show.wake(); }

function pace(show, way) {
  const list = by("pace");
  list.selectedIndex = Math.min(list.options.length - 1, Math.max(0, list.selectedIndex + way));
  show.pace = Number(list.value);
}

// The next vehicle on the road after the chosen one, so that the keyboard reaches everybody.
function nextVehicle(show) {
  const { traffic } = show.panes[show.chosenPane];
  for (let n = 0; n < traffic.count; n++) if (traffic.track[n] > show.chosen) return show.choose(traffic.track[n]);
  if (traffic.count) show.choose(traffic.track[0]);
}

function wire(show) {
  const scrub = by("scrub");
  scrub.min = show.begin;
  scrub.max = show.end;
  scrub.addEventListener("input", () => show.seek(Number(scrub.value)));
  scrub.addEventListener("pointermove", (e) => { const near = eventNear(show, e); scrub.title = near ? eventTitle(show, near) : ""; });
  scrub.addEventListener("click", (e) => { const near = eventNear(show, e); if (near) show.jump(near); });
  by("play").addEventListener("click", () => show.play());
  by("before").addEventListener("click", () => show.step(-1));
  by("after").addEventListener("click", () => show.step(1));
  by("air").addEventListener("click", () => airy(show));
  by("fit").addEventListener("click", () => { show.follow(false); show.fit(); });
  by("follow").addEventListener("click", () => show.follow());
  by("pace").addEventListener("change", () => { show.pace = Number(by("pace").value); });
  by("heat").addEventListener("change", () => { show.layer = by("heat").value; tellLayers(show); if (show.layer !== "none") openTab("layers"); show.wake(); });
  for (const tab of TABS) side(`tab-${tab}`).addEventListener("click", () => { openTab(tab); if (tab === "series") tellSeries(show); });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || ["SELECT", "INPUT"].includes(e.target.tagName) && e.key !== " ") return;
    if (e.target.tagName === "BUTTON" && (e.key === " " || e.key === "Enter")) return;
    const act = KEYS[e.key] ?? KEYS[e.key.toLowerCase()];
    if (!act) return;
    e.preventDefault();
    act(show, e);
  });
  addEventListener("resize", () => { show.wake(); if (!side("series").hidden) tellSeries(show); });
  addEventListener("hashchange", () => show.address(location.hash));
  addEventListener("beforeprint", () => show.paint());
}

async function start() {
  startLanguage(() => window.show && tellAll(window.show));
  openTab("overview");
  const loading = by("loading");
  try {
    const holders = [...document.querySelectorAll("script.run")], runs = [];
    for (const holder of holders) {
      runs.push(await unpack(holder.textContent));
      holder.remove();
    }
    const show = new Show(runs);
    window.show = show;
    wire(show);
    tellAll(show);
    show.fit();  // the buttons have taken their room by now
    show.address(location.hash);
    show.wake();
    loading.remove();
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    loading.textContent = T("broken", String(error));
    throw error;
  }
}

start();
