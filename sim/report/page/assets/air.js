// Who is on the air at an instant, how much arrives, and what roadside units and vehicles know of each other.

const NOTHING = 255, FRESH = 50;  // of ages [0.01 s]: nothing known; what counts as up to date

class Air {
  constructor(run) {
    this.parts = run.parts;
    this.times = run.air?.times ?? [];
    this.many = run.tracks.ids.length;
    const places = new Map((run.scene.radio?.units ?? []).map((u) => [u.id, u]));
    this.units = (run.air?.units ?? []).map((id) => places.get(id) ?? { id, x_m: NaN, y_m: NaN });
    if (!this.units.length) this.units = run.scene.radio?.units ?? [];
    this.range = run.scene.radio?.range_m ?? 0;
    this.faults = run.faults ?? [];
    this.gap = this.times.length > 1 ? this.times[1] - this.times[0] : 1;
    this.asked = run.beliefs?.times ?? [];
    this.pause = this.asked.slice(1).reduce((most, t, i) => Math.max(most, t - this.asked[i]), this.gap);
    this.unitOfPlace = run.tracks.unit;
  }

  get there() { return this.range > 0; }

  // Whether a roadside unit says and hears nothing.
  down(id, time) { return this.faults.some(([kind, who, begin, end]) => kind === "rsu_down" && who === id && begin <= time && time < (end ?? Infinity)); }

  // Rank of the last instant that was recorded before a time; -1: none.
  frame(time, times = this.times, gap = this.gap) {
    let low = 0, high = times.length;
    while (low < high) { const mid = (low + high) >> 1; if (times[mid] <= time + 1e-6) low = mid + 1; else high = mid; }
    return low && time - times[low - 1] < 2 * gap ? low - 1 : -1;
  }

  // What a vehicle knows of the nearest others, when it was last looked: { time, rows: [{ about, age, lane, place [m] }] }.
  believes(who, time) {
    const f = this.frame(time, this.asked, this.pause), p = this.parts, rows = [];
    if (f < 0) return null;
    for (let i = p.belief_begin[f]; i < p.belief_begin[f + 1]; i++) if (p.belief_who[i] === who) {
      rows.push({ about: p.belief_about[i], age: p.belief_age[i], lane: p.belief_lane[i], place: p.belief_place[i] * this.unitOfPlace });
    }
    return { time: this.asked[f], rows };
  }

  // Figures of a station: a track's rank, or `many` + rank of a unit; null if it is not on the air.
  of(who, time) {
    const f = this.frame(time), p = this.parts;
    if (f < 0) return null;
    for (let i = p.air_begin[f]; i < p.air_begin[f + 1]; i++) if (p.air_who[i] === who) {
      return { near: p.air_in_range[i], known: p.air_known[i], latest: p.air_latest[i], heardBy: p.air_heard_by[i], age: p.air_age[i], load: p.air_load[i] * 10 };
    }
    return null;
  }

  // Of each vehicle on the air: each(track, share of the last messages within its range that it heard).
  shares(time, each) {
    const f = this.frame(time), p = this.parts;
    if (f < 0) return;
    for (let i = p.air_begin[f]; i < p.air_begin[f + 1]; i++) if (p.air_who[i] < this.many) each(p.air_who[i], p.air_in_range[i] ? p.air_latest[i] / p.air_in_range[i] : NaN);
  }

  // Roadside units and vehicles within their range: each(unit, track, age that the unit knows, age that the vehicle knows).
  links(time, each) {
    const f = this.frame(time), p = this.parts;
    if (f < 0 || !p.link_begin) return;
    for (let i = p.link_begin[f]; i < p.link_begin[f + 1]; i++) each(p.link_unit[i], p.link_who[i], p.link_heard[i], p.link_told[i]);
  }
}

const VIOLET = "#56349a", TEAL = "#00796b", AMBER = "#c25e00";

// Reach of the units, who is heard, and messages as dots that travel; `phase` 0 to 1 tells how far they are.
function drawAir(ctx, screen, { air, traffic, roads, time, phase, chosen, unit }) {
  if (!air?.there) return;
  drawAreas(ctx, screen, roads.areas, time);
  air.units.forEach((u, i) => {
    if (air.down(u.id, time)) drawDown(ctx, screen, u);
    else drawReach(ctx, screen, u.x_m, u.y_m, air.range, phase, i === unit);
  });
  const n = chosen >= 0 ? traffic.row(chosen) : -1;
  if (n >= 0 && traffic.connected[chosen]) drawReach(ctx, screen, traffic.x[n], traffic.y[n], air.range, phase, true);
  if (n >= 0) drawBeliefs(ctx, screen, { air, traffic, roads, time, phase, chosen });
  air.links(time, (at, who, heard, told) => {
    const row = traffic.row(who), u = air.units[at];
    if (row < 0 || !u || (unit >= 0 && unit !== at) || air.down(u.id, time)) return;
    drawLink(ctx, screen, { x: traffic.x[row], y: traffic.y[row] }, { x: u.x_m, y: u.y_m }, heard, told, (phase + (who % 7) / 7) % 1);
  });
  if (screen.scale > 0.9 * screen.ratio) air.shares(time, (track, share) => drawHalo(ctx, screen, traffic, track, share));
}

// Cells of the network always, jammed areas while they last; each with its name.
function drawAreas(ctx, screen, areas, time) {
  const taken = [];
  for (const { kind, name, begin_s, end_s, points } of areas) {
    if ((begin_s ?? -Infinity) > time || time >= (end_s ?? Infinity)) continue;
    polygon(ctx, screen, points);
    ctx.fillStyle = kind === "cell" ? "rgba(0,121,107,.07)" : "rgba(194,94,0,.12)";
    ctx.fill();
    ctx.setLineDash([6 * screen.ratio, 4 * screen.ratio]);
    ctx.strokeStyle = kind === "cell" ? "rgba(0,121,107,.55)" : "rgba(194,94,0,.7)";
    ctx.lineWidth = 1.2 * screen.ratio;
    ctx.stroke();
    ctx.setLineDash([]);
    const top = points.reduce((most, p) => (p[1] > most[1] ? p : most)), low = Math.max(...points.map((p) => screen.y(p[1])));
    if (low > 0) drawName(ctx, screen, screen.x(top[0]), Math.max(screen.y(top[1]), 22 * screen.ratio), kind === "cell" ? name : `${T("fault.jamming")} ${name}`, taken);
  }
}

function drawReach(ctx, screen, x, y, range, phase, strong) {
  const sx = screen.x(x), sy = screen.y(y), r = range * screen.scale;
  if (!(r > 3)) return;
  ctx.beginPath();
  ctx.arc(sx, sy, r, 0, 2 * Math.PI);
  ctx.fillStyle = strong ? "rgba(86,52,154,.10)" : "rgba(86,52,154,.055)";
  if (r < screen.width) ctx.fill();  // close up the whole picture would only turn darker
  ring(ctx, sx, sy, r, strong ? "rgba(86,52,154,.6)" : "rgba(86,52,154,.3)", screen.ratio);
  ring(ctx, sx, sy, Math.max(1, r * phase), `rgba(86,52,154,${(0.45 * (1 - phase)).toFixed(3)})`, 1.5 * screen.ratio);
}

// A unit that is out of order is crossed out.
function drawDown(ctx, screen, unit) {
  const x = screen.x(unit.x_m), y = screen.y(unit.y_m), r = 8 * screen.ratio;
  ctx.beginPath();
  ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
  ctx.strokeStyle = AMBER;
  ctx.lineWidth = 3 * screen.ratio;
  ctx.stroke();
}

// Both ways at once: teal dots go to the unit, violet ones come from it; what is lost ends half-way, in amber.
function drawLink(ctx, screen, car, unit, heard, told, phase) {
  const ax = screen.x(car.x), ay = screen.y(car.y), bx = screen.x(unit.x), by = screen.y(unit.y);
  const good = heard <= FRESH;
  ctx.globalAlpha = 0.4;
  ctx.setLineDash(good ? [] : [5 * screen.ratio, 5 * screen.ratio]);
  ctx.strokeStyle = good ? TEAL : AMBER;
  ctx.lineWidth = screen.ratio;
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  travelling(ctx, screen, ax, ay, bx, by, phase, good, TEAL);
  travelling(ctx, screen, bx, by, ax, ay, phase, told <= FRESH, VIOLET);
}

// The chosen one and those near it: a dot comes from whom it hears, and a hollow body stands where it takes him to be.
function drawBeliefs(ctx, screen, { air, traffic, roads, time, phase, chosen }) {
  const me = traffic.row(chosen), told = air.believes(traffic.rank.get(traffic.run.tracks.ids[chosen]), time);
  for (const { about, age, lane, place } of told?.rows ?? []) {
    const row = traffic.row(about);
    if (row < 0) continue;
    const ax = screen.x(traffic.x[row]), ay = screen.y(traffic.y[row]), bx = screen.x(traffic.x[me]), by = screen.y(traffic.y[me]);
    const good = age <= FRESH;
    ctx.strokeStyle = good ? TEAL : AMBER;
    ctx.lineWidth = 1.3 * screen.ratio;
    ctx.setLineDash(good ? [] : [5 * screen.ratio, 5 * screen.ratio]);
    ctx.beginPath();
    ctx.moveTo(ax, ay);
    ctx.lineTo(bx, by);
    ctx.stroke();
    ctx.setLineDash([]);
    travelling(ctx, screen, ax, ay, bx, by, (phase + (about % 7) / 7) % 1, good, TEAL);
    if (age !== NOTHING && time - told.time < 2) drawGhost(ctx, screen, roads.place(lane, place), traffic.cards[traffic.card[about]], good);
  }
}

function drawGhost(ctx, screen, p, body, good) {
  const long = Math.max(8 * screen.ratio, body.length_m * screen.scale), wide = Math.max(5 * screen.ratio, body.width_m * screen.scale) / 2 + screen.ratio;
  const x = screen.x(p.x), y = screen.y(p.y), ax = -p.dx * long, ay = p.dy * long, bx = p.dy * wide, by = p.dx * wide;
  ctx.beginPath();
  ctx.moveTo(x + bx, y + by); ctx.lineTo(x + ax + bx, y + ay + by); ctx.lineTo(x + ax - bx, y + ay - by); ctx.lineTo(x - bx, y - by);
  ctx.closePath();
  ctx.strokeStyle = good ? TEAL : AMBER;
  ctx.lineWidth = 2 * screen.ratio;
  ctx.stroke();
}

function travelling(ctx, screen, ax, ay, bx, by, phase, arrives, colour) {
  const way = arrives ? phase : Math.min(0.5, phase), x = ax + (bx - ax) * way, y = ay + (by - ay) * way, r = 2.4 * screen.ratio;
  ctx.beginPath();
  if (!arrives && phase > 0.5) {
    ctx.strokeStyle = AMBER;
    ctx.lineWidth = 2 * screen.ratio;
    ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r); ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
    ctx.stroke();
    return;
  }
  ctx.fillStyle = colour;
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

function drawHalo(ctx, screen, traffic, track, share) {
  const n = traffic.row(track);
  if (n < 0) return;
  const body = traffic.cards[traffic.card[track]].length_m, x = screen.x(traffic.x[n] - traffic.dx[n] * body / 2), y = screen.y(traffic.y[n] - traffic.dy[n] * body / 2);
  if (x < -40 || y < -40 || x > screen.width + 40 || y > screen.height + 40) return;
  ring(ctx, x, y, Math.max(7 * screen.ratio, body * 0.75 * screen.scale), Number.isNaN(share) ? "#a8acb0" : RAMP[Math.round(share * (RAMP.length - 1))], 2.5 * screen.ratio);
}
