// Who is where at an instant, between samples too, along the lanes; who is ahead; what somebody waits for.

const ON_FOOT = 4;  // kind; 0 to 3: automated (1) and connected (2)

class Traffic {
  constructor(run, roads) {
    this.run = run;
    this.roads = roads;
    const t = run.tracks, many = t.ids.length;
    const cards = Object.fromEntries(run.scene.cards.map((c, i) => [c.name, i]));
    this.cards = run.scene.cards;
    this.card = Uint16Array.from(t.card, (name) => cards[name] ?? 0);
    const connected = new Set(run.connected);
    this.connected = Uint8Array.from(t.ids, (id) => Number(connected.has(id)));
    this.kind = Uint8Array.from(t.ids, (_, i) => this.onFoot(i) ? ON_FOOT : Number(this.cards[this.card[i]].automated) + 2 * this.connected[i]);
    this.fitted = this.kind.slice();  // what it is; `kind`: who drives it now
    this.rank = new Map(t.ids.map((id, i) => [id, i]));
    for (const name of ["x", "y", "dx", "dy", "speed", "at", "slows"]) this[name] = new Float64Array(many);
    this.track = new Uint32Array(many);
    this.on = new Int32Array(many);
    this.index = new Int32Array(many).fill(-1);
    this.count = 0;
    this.time = NaN;
  }

  onFoot(track) { return this.cards[this.card[track]].vehicle_class === "pedestrian"; }

  // Puts everybody on the road at a time [s of the clock] into the arrays; `count` tells how many.
  seek(time) {
    if (time === this.time) return;
    this.time = time;
    const t = this.run.tracks, f = Math.min(Math.max(0, (time - t.begin) / t.period), Math.max(0, t.frames - 1));
    const frame = Math.floor(f), part = f - frame;
    let n = 0;
    this.index.fill(-1);
    for (let track = 0; track < t.start.length; track++) {
      const since = frame - t.start[track], samples = t.first[track + 1] - t.first[track];
      if (since < 0 || since >= samples) continue;
      const i = t.first[track] + since;
      this.track[n] = track;
      this.index[track] = n;
      this.locate(n++, i, since + 1 < samples ? i + 1 : i, part, since);
    }
    this.count = n;
    this.people = 0;
    for (let k = 0; k < n; k++) if (this.kind[this.track[k]] === ON_FOOT) this.people++;
    this.hand(time);
  }

  // Who was taken over drives as a person does.
  hand(time) {
    if (!this.run.by_hand?.length) return;
    this.kind.set(this.fitted);
    for (const [id, begin, end] of this.run.by_hand) {
      const track = this.rank.get(id);
      if (track !== undefined && begin <= time && time < (end ?? Infinity)) this.kind[track] &= 2;
    }
  }

  locate(n, i, j, part, since) {
    const t = this.run.tracks, unit = t.unit, from = t.lane[i], to = t.lane[j], p = t.place[i] * unit, q = t.place[j] * unit;
    let lane = from, at = p, driven = q - p;
    if (from === to) {
      if (i === j && since > 0 && t.lane[i - 1] === from) driven = p - t.place[i - 1] * unit;  // about to leave the park
      at = p + driven * part;
    } else {
      const way = this.roads.way(from, to);
      if (!way || !way.length) return this.aside(n, from, p, to, q, part, way ? q - p : NaN);
      driven = this.roads.lengthOf(from) - p + q;
      for (let k = 1; k < way.length - 1; k++) driven += this.roads.lengthOf(way[k]);
      at = p + driven * part;
      let k = 0;
      while (k < way.length - 1 && at > this.roads.lengthOf(way[k])) at -= this.roads.lengthOf(way[k++]);
      lane = way[k];
    }
    this.put(n, this.roads.place(lane, at), lane, at, driven);
    const steady = from === to && i !== j && since > 0 && t.lane[i - 1] === from;
    this.slows[n] = steady ? ((2 * t.place[i] - t.place[i - 1] - t.place[j]) * unit) / (t.period * t.period) : 0;
  }

  // Straight over, for a change of lanes or a way that is not known.
  aside(n, from, p, to, q, part, driven) {
    const a = { ...this.roads.place(from, p) }, b = this.roads.place(to, q);
    const way = Number.isNaN(driven) ? Math.hypot(b.x - a.x, b.y - a.y) : Math.max(0, driven);
    const mixed = { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, dx: b.dx, dy: b.dy };
    this.put(n, mixed, part < 0.5 ? from : to, part < 0.5 ? p : q, way);
  }

  put(n, point, lane, at, driven) {
    this.x[n] = point.x; this.y[n] = point.y; this.dx[n] = point.dx; this.dy[n] = point.dy;
    this.on[n] = lane; this.at[n] = at;
    this.speed[n] = Math.max(0, driven) / this.run.tracks.period;
    this.slows[n] = 0;  // deceleration [m/s²], where it is known
  }

  // Where a track stands in the arrays now; -1: not on the road.
  row(track) { return this.index[track] ?? -1; }

  // The vehicle ahead along the lanes this one will drive, within 150 m: { row, gap [m] }.
  ahead(n) {
    const t = this.run.tracks, track = this.track[n];
    const frame = Math.floor((this.time - t.begin) / t.period);
    let reach = -this.at[n], lane = this.on[n], i = t.first[track] + frame - t.start[track];
    const end = t.first[track + 1], seen = new Set();
    while (reach < 150 && lane >= 0 && !seen.has(lane)) {
      seen.add(lane);
      let best = -1;
      for (let m = 0; m < this.count; m++) {
        if (this.on[m] !== lane || m === n || (seen.size === 1 && this.at[m] <= this.at[n])) continue;
        if (best < 0 || this.at[m] < this.at[best]) best = m;
      }
      if (best >= 0) {
        const gap = reach + this.at[best] - this.cards[this.card[this.track[best]]].length_m;
        return gap < 150 ? { row: best, gap } : null;
      }
      reach += this.roads.lengthOf(lane);
      while (i < end && t.lane[i] === lane) i++;
      const way = i < end ? this.roads.way(lane, t.lane[i]) : null;
      lane = way && way.length > 1 ? way[1] : -1;
    }
    return null;
  }

  // What a vehicle that stands waits for, as the run recorded it: key of a text and a name; null: not recorded.
  reason(track) {
    const p = this.run.parts, t = this.run.tracks, who = this.rank.get(t.ids[track]), frame = Math.floor((this.time - t.begin) / t.period + 1e-6);
    let low = 0, high = p.wait_who.length;
    const before = (i) => p.wait_who[i] < who || (p.wait_who[i] === who && p.wait_frame[i] <= frame);
    while (low < high) { const mid = (low + high) >> 1; if (before(mid)) low = mid + 1; else high = mid; }
    const i = low - 1;
    if (i < 0 || p.wait_who[i] !== who || frame >= p.wait_frame[i] + p.wait_count[i]) return null;
    return { kind: this.run.waits[p.wait_kind[i]], other: p.wait_other[i] - 1 };
  }
}

// Which direction has the way on each shared strip at a time: 0 along the drawing, 1 against it, -1 nobody.
class Turns {
  constructor(run) { this.told = run.turns ?? []; }

  at(time) {
    return this.told.map(([times, ways]) => {
      let low = 0, high = times.length;
      while (low < high) { const mid = (low + high) >> 1; if (times[mid] <= time) low = mid + 1; else high = mid; }
      return low ? ways[low - 1] : -1;
    });
  }
}

// Letter of a signal's group at a time; before its first switch the phase that leads to it. Nothing of those that are
// not recorded: lines of shared strips (`Turns` tells them) and of trains.
class Lights {
  constructor(run) {
    this.signals = run.scene.signals;
    this.switches = run.signals;
  }

  at(time) {
    const phase = this.signals.map((signal, i) => {
      if (signal.kind === "passage" || signal.kind === "rail") return "";
      const [times, phases] = this.switches[i];
      let low = 0, high = times.length;
      while (low < high) { const mid = (low + high) >> 1; if (times[mid] <= time) low = mid + 1; else high = mid; }
      if (low) return signal.phases[phases[low - 1]]?.[0] ?? "";
      const before = times.length ? signal.phases.findIndex((p) => p[2] === phases[0]) : 0;
      return signal.phases[Math.max(0, before)]?.[0] ?? "";
    });
    return (signal, group) => phase[signal]?.[group] ?? "";
  }
}
