// The one place that draws: a picture is plain data, so that another library could take this file's place.

// Okabe and Ito's palette, told apart by colour-blind people; automated ones also differ by shape.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#1b1b1b"];
const LIGHT = { r: "#c1121f", u: "#c1121f", y: "#e69f00", Y: "#e69f00", g: "#2a9d5c", G: "#2a9d5c", s: "#2a9d5c" };
const INK = "#30343a", WAY = "#14532d", BRAKES = 1;  // from that deceleration on brake lights are shown [m/s²]
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

// picture: { roads, camera, heat, traffic, lights, turns, chosen, marks, closed, signs, air, time, phase, unit }
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
  drawTurns(ctx, screen, picture);
  drawSigns(ctx, screen, picture);
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

function drawLights(ctx, screen, { roads, lights, turns }) {
  if (!lights || screen.scale < 0.15 * screen.ratio) return;
  const small = screen.scale < 1;
  for (let lane = 0; lane < roads.exits.length; lane++) {
    const exits = roads.exits[lane];
    let letter = "";
    for (const exit of exits) if (exit.signal >= 0) {
      const strip = roads.strip[exit.target];
      const l = strip < 0 ? lights(exit.signal, exit.group) : turns[strip] === roads.against[exit.target] ? "G" : "r";
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

// Who has the way on a shared strip: arrows along it.
function drawTurns(ctx, screen, { roads, turns }) {
  roads.strips.forEach(({ lanes }, i) => {
    const lane = lanes[turns[i]];
    if (lane === undefined) return;
    const apart = Math.max(10, (22 * screen.ratio) / screen.scale), size = Math.max(4 * screen.ratio, 0.9 * screen.scale), long = roads.lengthOf(lane);
    if (long * screen.scale < 8 * screen.ratio) return;
    ctx.beginPath();
    for (let at = Math.min(apart, long) / 2; at < long; at += apart) {
      const p = roads.place(lane, at), x = screen.x(p.x), y = screen.y(p.y);
      ctx.moveTo(x + (-p.dx - p.dy) * size, y + (p.dy - p.dx) * size);
      ctx.lineTo(x, y);
      ctx.lineTo(x + (-p.dx + p.dy) * size, y + (p.dy + p.dx) * size);
    }
    for (const [colour, width] of [["#fff", 4], [WAY, 2]]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width * screen.ratio;
      ctx.stroke();
    }
  });
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
      if (k === ON_FOOT) { dot(ctx, sx, sy, Math.max(0.45 * least, 0.35 * screen.scale)); continue; }
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

function dot(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

// Close up: a windscreen shows where the front is, a white bar on the roof who is automated, a red one behind who brakes.
function drawFronts(ctx, screen, { x, y, dx, dy, track, count, cards, card, kind, slows }) {
  ctx.lineCap = "butt";
  for (let n = 0; n < count; n++) {
    const sx = screen.x(x[n]), sy = screen.y(y[n]);
    if (kind[track[n]] === ON_FOOT) continue;
    if (sx < -60 || sy < -60 || sx > screen.width + 60 || sy > screen.height + 60) continue;
    const body = cards[card[track[n]]], wide = body.width_m * 0.38 * screen.scale, s = screen.scale;
    const back = Math.min(1.3, body.length_m * 0.25);
    bar(ctx, sx - dx[n] * back * s, sy + dy[n] * back * s, dy[n] * wide, dx[n] * wide, "#dfe9f2", 0.5 * s);
    if (slows[n] > BRAKES) {
      const end = (body.length_m - 0.25) * s;
      bar(ctx, sx - dx[n] * end, sy + dy[n] * end, dy[n] * wide * 1.15, dx[n] * wide * 1.15, "#ff2d2d", 0.5 * s);
    }
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
