// The park as flat arrays: where a position on a lane lies, and which lanes lead from one to another.

class Roads {
  constructor(scene) {
    const lanes = scene.lanes, count = lanes.id.length;
    this.scene = scene;
    this.out = { x: 0, y: 0, dx: 1, dy: 0 };
    this.begin = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) this.begin[i + 1] = this.begin[i] + lanes.shape_cm[i].length / 2;
    const points = this.begin[count];
    this.x = new Float64Array(points);
    this.y = new Float64Array(points);
    this.measure = new Float64Array(points);
    this.stretch = new Float64Array(count);
    for (let i = 0; i < count; i++) this.lay(i, lanes.shape_cm[i], lanes.length_m[i]);
    this.internal = lanes.edge.map((e) => scene.edges.internal[e]);
    this.next = Array.from({ length: count }, () => []);
    this.exits = Array.from({ length: count }, () => []);
    for (const [source, target, signal, group, rule, ...via] of scene.links) {
      const way = [source, ...via, target];
      for (let i = 1; i < way.length; i++) if (!this.next[way[i - 1]].includes(way[i])) this.next[way[i - 1]].push(way[i]);
      this.exits[source].push({ target, signal, group, rule, via });
    }
    this.footway = lanes.edge.map((e) => scene.edges.road_class[e] === "footway");
    for (const [source, , , , , ...via] of scene.links) if (this.footway[source]) for (const lane of via) this.footway[lane] = true;
    this.share(scene.passages ?? []);
    this.buildings = (scene.buildings ?? []).map(outline);
    this.areas = (scene.areas ?? []).map((a) => ({ ...a, points: outline(a.shape_cm) }));
    this.stops = scene.stops.map((s) => this.kerb(s));
    this.ways = new Map();
    this.junctions = scene.junctions.map((j) => outline(j.shape_cm));
    this.box = this.bounds();
  }

  // Strips that both directions share: which lane is of which strip and direction, and from where one waits for it.
  share(passages) {
    const count = this.next.length, { edge } = this.scene.lanes;
    this.strip = new Int32Array(count).fill(-1);
    this.against = new Uint8Array(count);
    this.waiting = new Uint8Array(count);
    this.strips = passages.flatMap((p) => p.strips.map((pair) => ({ passage: p.id, control: p.control, lanes: pair.map((e) => edge.indexOf(e)) })));
    this.strips.forEach(({ lanes }, i) => lanes.forEach((lane, way) => { this.strip[lane] = i; this.against[lane] = way; }));
    for (let lane = 0; lane < count; lane++) for (const { target } of this.exits[lane]) {
      if (this.strip[target] >= 0) this.waiting[lane] = 1;
      if (this.strip[lane] >= 0) this.waiting[target] = 1;
    }
  }

  // A stop's edge at the kerb, its middle and name.
  kerb(stop) {
    const half = (this.scene.lanes.width_m[stop.lane] / 2) * (this.scene.left_hand ? -1 : 1), path = [];
    for (let k = 0; k <= 8; k++) {
      const p = this.place(stop.lane, stop.begin_m + ((stop.end_m - stop.begin_m) * k) / 8);
      path.push([p.x + p.dy * half, p.y - p.dx * half]);
    }
    return { path, x: path[4][0], y: path[4][1], name: stop.name || stop.id };
  }

  lay(i, steps, length) {
    let x = 0, y = 0, measure = 0;
    for (let k = 0; k < steps.length; k += 2) {
      const dx = steps[k] / 100, dy = steps[k + 1] / 100, at = this.begin[i] + k / 2;
      x += dx; y += dy;
      if (k) measure += Math.hypot(dx, dy);
      this.x[at] = x; this.y[at] = y; this.measure[at] = measure;
    }
    this.stretch[i] = length > 0 ? measure / length : 1;
  }

  bounds() {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.x.length; i++) {
      west = Math.min(west, this.x[i]); east = Math.max(east, this.x[i]);
      south = Math.min(south, this.y[i]); north = Math.max(north, this.y[i]);
    }
    return west <= east ? { west, south, east, north } : { west: 0, south: 0, east: 100, north: 100 };
  }

  // Point and direction at a position [m] along a lane, into this.out.
  place(lane, position) {
    const out = this.out, end = this.begin[lane + 1] - 1;
    const at = Math.min(Math.max(0, position * this.stretch[lane]), this.measure[end]);
    let k = this.begin[lane] + 1;
    while (k < end && this.measure[k] < at) k++;
    const size = this.measure[k] - this.measure[k - 1];
    if (!(size > 0)) { out.x = this.x[end]; out.y = this.y[end]; return out; }
    out.dx = (this.x[k] - this.x[k - 1]) / size;
    out.dy = (this.y[k] - this.y[k - 1]) / size;
    out.x = this.x[k - 1] + out.dx * (at - this.measure[k - 1]);
    out.y = this.y[k - 1] + out.dy * (at - this.measure[k - 1]);
    return out;
  }

  // Lanes driven from one to another, both told; [] beside each other on one road; null if no short way is known.
  way(from, to) {
    const key = from * this.next.length + to;
    let way = this.ways.get(key);
    if (way === undefined) {
      way = this.scene.lanes.edge[from] === this.scene.lanes.edge[to] ? [] : this.search(from, to);
      this.ways.set(key, way);
    }
    return way;
  }

  search(from, to) {
    const came = new Map([[from, -1]]);
    let front = [from];
    for (let depth = 0; depth < 12 && front.length && came.size < 500; depth++) {
      const ahead = [];
      for (const lane of front) for (const next of this.next[lane]) {
        if (came.has(next)) continue;
        came.set(next, lane);
        ahead.push(next);
        if (next !== to) continue;
        const way = [];
        for (let at = to; at >= 0; at = came.get(at)) way.unshift(at);
        return way;
      }
      front = ahead;
    }
    return null;
  }

  lengthOf(lane) { return this.scene.lanes.length_m[lane]; }
}

function outline(steps) {
  const points = [];
  for (let k = 0, x = 0, y = 0; k < steps.length; k += 2) points.push([(x += steps[k] / 100), (y += steps[k + 1] / 100)]);
  return points;
}
