// The one place that draws: a picture is plain data, so that another library could take this file's place.

// Okabe and Ito's palette, told apart by colour-blind people; automated ones also differ by shape.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];
const LIGHT = { r: "#c1121f", u: "#c1121f", y: "#e69f00", Y: "#e69f00", g: "#2a9d5c", G: "#2a9d5c", s: "#2a9d5c" };
const GROUND = "#f4f2ec", ASPHALT = "#d3d4d3", KERB = "#a8a9a6", PLANNED = "#e3ddd0", MARK = "#fbfbf7", INK = "#30343a";
// Purple (bad) to yellow (good), even in grey: steps of viridis.
const RAMP = ["#440154", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725"];

class Sheet {
  constructor(canvas) {
    this.canvas = canvas;
    this.still = document.createElement("canvas");
    this.key = "";
  }

  resize() {
    const ratio = Math.min(2, window.devicePixelRatio || 1), box = this.canvas.getBoundingClientRect();
    const width = Math.max(1, Math.round(box.width * ratio)), height = Math.max(1, Math.round(box.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      for (const c of [this.canvas, this.still]) { c.width = width; c.height = height; }
      this.key = "";
    }
    this.ratio = ratio;
    return box;
  }
}

// picture: { roads, camera, heat, traffic, lights, chosen, marks, closed, air, time, phase, unit }
function draw(sheet, picture) {
  sheet.resize();
  const { canvas, still, ratio } = sheet, camera = picture.camera;
  const key = [camera.x, camera.y, camera.scale, canvas.width, canvas.height, picture.heat?.key ?? "", picture.closed.join()].join();
  if (key !== sheet.key) {
    sheet.key = key;
    drawRoads(still.getContext("2d", { alpha: false }), sheet, picture);
  }
  const ctx = canvas.getContext("2d", { alpha: false });
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.drawImage(still, 0, 0);
  const screen = projection(canvas, ratio, camera);
  drawLights(ctx, screen, picture);
  drawAir(ctx, screen, picture);
  drawVehicles(ctx, screen, picture);
  drawMarks(ctx, screen, picture);
  drawRuler(ctx, screen, canvas, ratio);
}

function projection(canvas, ratio, camera) {
  const scale = camera.scale * ratio;
  const left = canvas.width / 2 - camera.x * scale, top = canvas.height / 2 + camera.y * scale;
  return { scale, ratio, x: (x) => left + x * scale, y: (y) => top - y * scale, left, top, width: canvas.width, height: canvas.height };
}

function drawRoads(ctx, sheet, { roads, camera, heat, closed }) {
  const screen = projection(sheet.still, sheet.ratio, camera), scene = roads.scene;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = GROUND;
  ctx.fillRect(0, 0, screen.width, screen.height);
  ctx.lineJoin = "round";
  ctx.fillStyle = ASPHALT;
  for (const points of roads.junctions) if (points.length > 2) { polygon(ctx, screen, points); ctx.fill(); }
  const closedSet = new Set(closed);
  ctx.strokeStyle = KERB;
  for (let lane = 0; lane < scene.lanes.id.length; lane++) {
    if (roads.internal[lane] || scene.edges.state[scene.lanes.edge[lane]] === "planned") continue;
    ctx.lineWidth = Math.max(2 * screen.ratio, scene.lanes.width_m[lane] * screen.scale) + 2 * screen.ratio;
    line(ctx, screen, roads, lane);
    ctx.stroke();
  }
  for (const bare of [true, false]) {
    for (let lane = 0; lane < scene.lanes.id.length; lane++) {
      const edge = scene.lanes.edge[lane], inside = roads.internal[lane];
      if (Boolean(inside) !== bare) continue;
      ctx.lineWidth = Math.max((heat && !inside ? 4 : 2) * screen.ratio, scene.lanes.width_m[lane] * screen.scale + 0.6);
      ctx.strokeStyle = closedSet.has(scene.edges.id[edge]) ? "#e8b4a8" : scene.edges.state[edge] === "planned" ? PLANNED : heat?.colour(edge) || ASPHALT;
      line(ctx, screen, roads, lane);
      ctx.stroke();
    }
  }
  if (screen.scale > 1.5) drawMarkings(ctx, screen, roads);
  const taken = [];
  for (const place of scene.places) drawName(ctx, screen, screen.x(place.x_m), screen.y(place.y_m), place.name || place.id, taken);
  for (const unit of scene.radio?.units ?? scene.roadside) drawUnit(ctx, screen, unit, Boolean(scene.radio));
}

function line(ctx, screen, roads, lane) {
  ctx.beginPath();
  for (let k = roads.begin[lane]; k < roads.begin[lane + 1]; k++) ctx.lineTo(screen.x(roads.x[k]), screen.y(roads.y[k]));
}

function polygon(ctx, screen, points) {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(screen.x(x), screen.y(y));
  ctx.closePath();
}

// Between lanes of one direction a dashed line; the edge of the carriageway stays bare.
function drawMarkings(ctx, screen, roads) {
  const lanes = roads.scene.lanes, side = roads.scene.left_hand ? -1 : 1;
  ctx.strokeStyle = MARK;
  ctx.lineWidth = Math.max(1, 0.15 * screen.scale);
  ctx.setLineDash([3 * screen.scale, 6 * screen.scale]);
  for (let lane = 0; lane < lanes.id.length; lane++) {
    if (roads.internal[lane] || lanes.index[lane] === 0) continue;
    const half = (lanes.width_m[lane] / 2) * side;
    ctx.beginPath();
    for (let k = roads.begin[lane]; k < roads.begin[lane + 1]; k++) {
      const [dx, dy] = direction(roads, lane, k);
      ctx.lineTo(screen.x(roads.x[k] + dy * half), screen.y(roads.y[k] - dx * half));
    }
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function direction(roads, lane, k) {
  const a = Math.max(roads.begin[lane], k - 1), b = Math.min(roads.begin[lane + 1] - 1, k + 1);
  const dx = roads.x[b] - roads.x[a], dy = roads.y[b] - roads.y[a], size = Math.hypot(dx, dy) || 1;
  return [dx / size, dy / size];
}

// A name, unless it would lie on another one.
function drawName(ctx, screen, x, y, name, taken) {
  ctx.font = `${12 * screen.ratio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  const half = ctx.measureText(name).width / 2, high = 16 * screen.ratio;
  if (x < 0 || y < 0 || x > screen.width || y > screen.height) return;
  x = Math.min(Math.max(x, half + 4), screen.width - half - 4);
  y -= 6 * screen.ratio;
  if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < high)) return;
  taken.push({ x, y, half });
  ctx.lineWidth = 3 * screen.ratio;
  ctx.strokeStyle = GROUND;
  ctx.fillStyle = "#4d5258";
  ctx.strokeText(name, x, y);
  ctx.fillText(name, x, y);
}

// A unit that speaks is filled; one that only stands on the map is not.
function drawUnit(ctx, screen, unit, speaks) {
  const x = screen.x(unit.x_m), y = screen.y(unit.y_m), r = (speaks ? 6 : 4) * screen.ratio;
  ctx.fillStyle = speaks ? "#56349a" : "#fff";
  ctx.strokeStyle = speaks ? "#fff" : "#56349a";
  ctx.lineWidth = 1.5 * screen.ratio;
  ctx.beginPath();
  ctx.moveTo(x, y - r); ctx.lineTo(x + r, y + r); ctx.lineTo(x - r, y + r);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

function drawLights(ctx, screen, { roads, lights }) {
  if (!lights || screen.scale < 0.15 * screen.ratio) return;
  const small = screen.scale < 1;
  for (let lane = 0; lane < roads.exits.length; lane++) {
    const exits = roads.exits[lane];
    let letter = "";
    for (const exit of exits) if (exit.signal >= 0) {
      const l = lights(exit.signal, exit.group);
      if (!letter || "Gg".includes(l)) letter = l;
    }
    if (!LIGHT[letter]) continue;
    const p = roads.place(lane, roads.lengthOf(lane)), half = small ? 3 / screen.scale : roads.scene.lanes.width_m[lane] / 2;
    ctx.strokeStyle = LIGHT[letter];
    ctx.lineWidth = Math.max(2 * screen.ratio, 0.5 * screen.scale);
    if ("ryu".includes(letter)) ctx.setLineDash([]); else ctx.setLineDash([ctx.lineWidth, ctx.lineWidth * 0.6]);
    ctx.beginPath();
    ctx.moveTo(screen.x(p.x - p.dy * half), screen.y(p.y + p.dx * half));
    ctx.lineTo(screen.x(p.x + p.dy * half), screen.y(p.y - p.dx * half));
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

// Few bodies in one path: a path of thousands that overlap is slow without a graphics card.
const BODIES = 8;

// One kind after the other. Too small to be seen to scale: a mark of fixed size, a diamond for who is automated.
function drawVehicles(ctx, screen, { traffic, chosen, heat }) {
  const { x, y, dx, dy, track, count, cards, card, kind } = traffic, least = (heat ? 3.5 : 5) * screen.ratio;
  for (let k = 0; k < COLOURS.length; k++) {
    ctx.fillStyle = COLOURS[k];
    let bodies = 0;
    for (let n = 0; n < count; n++) {
      if (kind[track[n]] !== k) continue;
      const sx = screen.x(x[n]), sy = screen.y(y[n]);
      if (sx < -60 || sy < -60 || sx > screen.width + 60 || sy > screen.height + 60) continue;
      const body = cards[card[track[n]]], grow = Math.max(1, least / (body.length_m * screen.scale));
      const long = body.length_m * screen.scale * grow, wide = Math.max(body.width_m * screen.scale, (k & 1 ? 0.9 : 0.62) * Math.min(long, least)) / 2;
      const ax = -dx[n] * long, ay = dy[n] * long, bx = dy[n] * wide, by = dx[n] * wide;
      if (bodies++ % BODIES === 0) {
        if (bodies > 1) ctx.fill();
        ctx.beginPath();
      }
      if (k & 1 && grow > 1) {
        ctx.moveTo(sx, sy);
        ctx.lineTo(sx + ax / 2 + bx, sy + ay / 2 + by);
        ctx.lineTo(sx + ax, sy + ay);
        ctx.lineTo(sx + ax / 2 - bx, sy + ay / 2 - by);
      } else {
        ctx.moveTo(sx + bx, sy + by);
        ctx.lineTo(sx + ax + bx, sy + ay + by);
        ctx.lineTo(sx + ax - bx, sy + ay - by);
        ctx.lineTo(sx - bx, sy - by);
      }
      ctx.closePath();
    }
    if (bodies) ctx.fill();
  }
  if (screen.scale > 2.5 * screen.ratio) drawFronts(ctx, screen, traffic);
  if (chosen >= 0) drawChosen(ctx, screen, traffic, chosen);
}

// Close up: a windscreen shows where the front is, a white bar on the roof who is automated.
function drawFronts(ctx, screen, { x, y, dx, dy, track, count, cards, card, kind }) {
  ctx.lineCap = "butt";
  for (let n = 0; n < count; n++) {
    const sx = screen.x(x[n]), sy = screen.y(y[n]);
    if (sx < -60 || sy < -60 || sx > screen.width + 60 || sy > screen.height + 60) continue;
    const body = cards[card[track[n]]], wide = body.width_m * 0.38 * screen.scale, s = screen.scale;
    const back = Math.min(1.3, body.length_m * 0.25);
    bar(ctx, sx - dx[n] * back * s, sy + dy[n] * back * s, dy[n] * wide, dx[n] * wide, "#dfe9f2", 0.5 * s);
    if (kind[track[n]] & 1) bar(ctx, sx - dx[n] * body.length_m * 0.55 * s, sy + dy[n] * body.length_m * 0.55 * s, dy[n] * wide, dx[n] * wide, "#fff", 0.7 * s);
  }
}

function bar(ctx, x, y, bx, by, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x + bx, y + by);
  ctx.lineTo(x - bx, y - by);
  ctx.stroke();
}

function drawChosen(ctx, screen, traffic, chosen) {
  const n = traffic.row(chosen);
  if (n < 0) return;
  const body = traffic.cards[traffic.card[chosen]], r = Math.max(9 * screen.ratio, body.length_m * screen.scale * 0.8);
  const x = screen.x(traffic.x[n]) - traffic.dx[n] * body.length_m * screen.scale / 2;
  const y = screen.y(traffic.y[n]) + traffic.dy[n] * body.length_m * screen.scale / 2;
  ring(ctx, x, y, r, "#fff", 5 * screen.ratio);
  ring(ctx, x, y, r, INK, 2.5 * screen.ratio);
  const why = traffic.reason(chosen), other = why && why.other >= 0 ? traffic.row(why.other) : -1;
  if (other >= 0) drawWaiting(ctx, screen, x, y, screen.x(traffic.x[other]), screen.y(traffic.y[other]));
}

// From who waits to whom he waits for.
function drawWaiting(ctx, screen, ax, ay, bx, by) {
  ctx.strokeStyle = INK;
  ctx.lineWidth = 1.5 * screen.ratio;
  ctx.setLineDash([4 * screen.ratio, 3 * screen.ratio]);
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.stroke();
  ctx.setLineDash([]);
  ring(ctx, bx, by, 5 * screen.ratio, INK, 1.5 * screen.ratio);
}

function ring(ctx, x, y, r, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.stroke();
}

// Events of the last seconds as rings that widen and fade.
function drawMarks(ctx, screen, { marks }) {
  for (const { x, y, age, colour } of marks) {
    ctx.globalAlpha = 1 - age;
    ring(ctx, screen.x(x), screen.y(y), (8 + 22 * age) * screen.ratio, colour, 3 * screen.ratio);
  }
  ctx.globalAlpha = 1;
}

function drawRuler(ctx, screen, canvas, ratio) {
  const wanted = (90 * ratio) / screen.scale, ten = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((k) => k * ten).find((m) => m <= wanted) ?? ten;
  const size = metres * screen.scale, x = 14 * ratio, y = canvas.height - 14 * ratio;
  ctx.strokeStyle = ctx.fillStyle = INK;
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(x, y - 5 * ratio); ctx.lineTo(x, y); ctx.lineTo(x + size, y); ctx.lineTo(x + size, y - 5 * ratio);
  ctx.stroke();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + 5 * ratio, y - 4 * ratio);
}
