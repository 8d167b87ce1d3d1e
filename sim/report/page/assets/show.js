// The replay: one clock for all panes; what is chosen, played and shown.

class Show {
  constructor(runs) {
    this.panes = runs.map((run, i) => this.pane(run, document.querySelectorAll(".pane")[i], i));
    this.begin = Math.min(...runs.map((r) => r.tracks.begin));
    this.end = Math.max(...runs.map((r) => r.tracks.begin + Math.max(1, r.tracks.frames - 1) * r.tracks.period));
    this.time = this.busiest();
    this.playing = false;
    this.pace = 10;
    this.chosen = -1;
    this.chosenPane = 0;
    this.following = false;
    this.layer = "none";
    this.unit = -1;
    this.muted = new Set();  // kinds of events that are not to be seen
    this.airy = this.panes.some((p) => p.air.there);
    this.events = this.panes.flatMap((p, i) => eventsOf(p.run, i)).sort((a, b) => a.time - b.time);
    const box = this.panes.map((p) => p.roads.box);
    this.camera = new Camera({ west: Math.min(...box.map((b) => b.west)), south: Math.min(...box.map((b) => b.south)), east: Math.max(...box.map((b) => b.east)), north: Math.max(...box.map((b) => b.north)) });
    this.frames = 0;
    this.panes.forEach((p, i) => listen(p.sheet.canvas, this.camera, (far) => { if (far) this.follow(false); this.wake(); }, (x, y) => this.tap(i, x, y)));
    this.fit();
  }

  pane(run, figure, i) {
    const roads = new Roads(run.scene);
    return { run, roads, traffic: new Traffic(run, roads), lamps: new Lights(run), rights: new Turns(run), air: new Air(run), series: seriesOf(run), sheet: new Sheet(figure.querySelector("canvas")), counts: figure.querySelector(".counts"), rank: i };
  }

  // When most vehicles are on the road: what the page shows first.
  busiest() {
    const { time, road } = this.panes[0].series;
    return time[road.indexOf(Math.max(...road))] ?? this.begin;
  }

  fit() {
    const box = this.panes[0].sheet.canvas.getBoundingClientRect();
    this.camera.fit(box.width, box.height);
    this.wake();
  }

  wake() {
    if (!this.waiting) this.waiting = requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.waiting = 0;
    if (this.playing) {
      this.time = Math.min(this.end, this.time + Math.min(0.25, (now - (this.last ?? now)) / 1000) * this.pace);
      if (this.time >= this.end) this.play(false);
    }
    this.last = this.playing ? now : undefined;
    this.paint();
    this.frames++;
    if (this.playing) this.wake();
  }

  paint() {
    for (const pane of this.panes) {
      pane.traffic.seek(this.time);
      pane.lights = pane.lamps.at(this.time);
      pane.turns = pane.rights.at(this.time);
    }
    this.track();
    for (const pane of this.panes) {
      draw(pane.sheet, {
        roads: pane.roads, camera: this.camera, traffic: pane.traffic, lights: pane.lights, turns: pane.turns, heat: heatOf(pane.run, this.layer, this.time),
        chosen: pane.rank === this.chosenPane ? this.chosen : -1, marks: this.marks(pane), closed: closedAt(pane.run, this.time), signs: signsAt(pane.run, this.time),
        air: this.airy ? pane.air : null, time: this.time, phase: this.playing ? (performance.now() / 1400) % 1 : 0.4, unit: pane.rank === this.chosenPane ? this.unit : -1,
      });
      const { count, people } = pane.traffic;
      pane.counts.textContent = people ? T("counts.people", count - people, people) : T("counts", count);
    }
    tellTime(this);
  }

  track() {
    if (!this.following || this.chosen < 0) return;
    const { traffic } = this.panes[this.chosenPane], n = traffic.row(this.chosen);
    if (n < 0) return;
    this.camera.x = traffic.x[n];
    this.camera.y = traffic.y[n];
  }

  marks(pane) {
    const found = [], span = Math.max(2, this.pace * 0.8);
    for (const e of this.events) {
      const age = (this.time - e.time) / span;
      if (this.muted.has(e.kind) || e.pane !== pane.rank || age < 0 || age >= 1 || e.lane < 0) continue;
      const p = pane.roads.place(e.lane, e.position);
      found.push({ x: p.x, y: p.y, age, colour: kindOf(e.kind).colour });
    }
    return found;
  }

  seek(time) {
    this.time = Math.min(this.end, Math.max(this.begin, time));
    this.wake();
  }

  play(on = !this.playing) {
    if (on && this.time >= this.end) this.time = this.begin;
    this.playing = on;
    tellButtons(this);
    this.wake();
  }

  tap(pane, x, y) {
    const { traffic } = this.panes[pane], camera = this.camera, wx = camera.x + x / camera.scale, wy = camera.y - y / camera.scale;
    let best = -1, nearest = Math.max(8, 18 / camera.scale);
    const unit = this.panes[pane].air.units.findIndex((u) => Math.hypot(u.x_m - wx, u.y_m - wy) < 12 / camera.scale);
    if (this.airy && unit >= 0) return this.chooseUnit(unit, pane);
    for (let n = 0; n < traffic.count; n++) {
      const half = traffic.cards[traffic.card[traffic.track[n]]].length_m / 2;
      const far = Math.hypot(traffic.x[n] - traffic.dx[n] * half - wx, traffic.y[n] - traffic.dy[n] * half - wy);
      if (far < nearest) { nearest = far; best = traffic.track[n]; }
    }
    this.choose(best, pane);
  }

  chooseUnit(unit, pane) {
    this.choose(-1, pane);
    this.unit = unit;
    openTab("facts");
  }

  choose(track, pane = this.chosenPane) {
    this.unit = -1;
    this.chosen = track;
    this.chosenPane = pane;
    if (track < 0) this.following = false;
    else openTab("facts");
    tellButtons(this);
    this.wake();
  }

  follow(on = !this.following) {
    this.following = on && this.chosen >= 0;
    if (this.following && this.camera.scale < 2) this.camera.scale = 4;
    tellButtons(this);
    this.wake();
  }

  jump(event) {
    this.play(false);
    this.seek(event.time);
    const pane = this.panes[event.pane], track = pane.traffic.rank.get(event.subject) ?? -1;
    this.choose(track, event.pane);
    if (event.lane >= 0) {
      const p = pane.roads.place(event.lane, event.position);
      this.camera.x = p.x;
      this.camera.y = p.y;
      this.camera.scale = Math.max(4, this.camera.scale);
    }
    this.wake();
  }

  get seen() { return this.events.filter((e) => !this.muted.has(e.kind)); }

  step(way) {
    const list = way > 0 ? this.seen.find((e) => e.time > this.time + 1e-6) : this.seen.findLast((e) => e.time < this.time - 1e-6);
    if (list) this.jump(list);
  }

  // #t=27000&id=car.3&lane=…: what a report links to.
  address(text) {
    const told = new URLSearchParams(text.replace(/^#/, ""));
    if (told.has("t") && Number.isFinite(Number(told.get("t")))) this.seek(Number(told.get("t")));
    const pane = Number(told.get("pane")) || 0, there = this.panes[pane];
    if (!there) return;
    const lane = there.run.scene.lanes.id.indexOf(told.get("lane")), edge = there.run.scene.edges.id.indexOf(told.get("edge"));
    const at = lane >= 0 ? lane : there.run.scene.lanes.edge.indexOf(edge);
    if (at >= 0) {
      const p = there.roads.place(at, told.has("at") ? Number(told.get("at")) : there.roads.lengthOf(at) / 2);
      Object.assign(this.camera, { x: p.x, y: p.y, scale: lane >= 0 ? 5 : 1 });
    }
    const track = there.traffic.rank.get(told.get("id"));
    if (track === undefined) return;
    there.traffic.seek(this.time);
    this.choose(track, pane);
    const n = there.traffic.row(track);
    if (n >= 0) Object.assign(this.camera, { x: there.traffic.x[n], y: there.traffic.y[n], scale: Math.max(4, this.camera.scale) });
  }
}

function eventsOf(run, pane) {
  const e = run.events;
  return e.time.map((time, i) => ({ time, pane, rank: e.rank[i], kind: e.kinds[e.kind[i]], what: e.what?.[i], subject: e.subject[i], other: e.other[i], value: e.value[i], lane: e.lane[i], edge: e.edge[i], position: e.position[i] }));
}

function closedAt(run, time) {
  return run.closures.filter(([, begin, end]) => begin <= time && time < (end ?? Infinity)).map(([edge]) => edge);
}

// Colour of each edge in the interval of a time; 0 is bad, 1 good.
function heatOf(run, layer, time) {
  const heat = run.heat[layer];
  if (!heat) return null;
  let at = -1;
  run.heat.begin.forEach((begin, i) => { if (begin <= time + 1e-6) at = i; });
  const found = new Map((heat[at] ?? []).map(([edge, value]) => [edge, value]));
  const colour = (edge) => (found.has(edge) ? RAMP[Math.round(found.get(edge) * (RAMP.length - 1))] : "");
  return { key: `${layer}${at}`, colour };
}
