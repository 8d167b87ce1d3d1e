// What does not move: ground, buildings, carriageways, markings, crossings, stops, names. Drawn anew only when the view changes.

const GROUND = "#f4f2ec", ASPHALT = "#d3d4d3", KERB = "#a8a9a6", PLANNED = "#e3ddd0", MARK = "#fbfbf7", CLOSED = "#e8b4a8";
const HOUSE = "#dcd5c6", HOUSE_EDGE = "#bdb5a3", STRIP = "#cdbf9f", WAITING = "#bfd0da", FOOTWAY = "#ddd3bd", STOP = "#3f6f8c";

function drawRoads(ctx, sheet, { roads, camera, heat, closed }) {
  const screen = projection(sheet.still, sheet.ratio, camera), scene = roads.scene;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = GROUND;
  ctx.fillRect(0, 0, screen.width, screen.height);
  ctx.lineJoin = "round";
  drawBuildings(ctx, screen, roads);
  ctx.fillStyle = ASPHALT;
  for (const points of roads.junctions) if (points.length > 2) { polygon(ctx, screen, points); ctx.fill(); }
  const closedSet = new Set(closed);
  ctx.strokeStyle = KERB;
  for (let lane = 0; lane < scene.lanes.id.length; lane++) {
    if (roads.internal[lane] || roads.footway[lane] || scene.edges.state[scene.lanes.edge[lane]] === "planned") continue;
    ctx.lineWidth = Math.max(2 * screen.ratio, scene.lanes.width_m[lane] * screen.scale) + 2 * screen.ratio;
    line(ctx, screen, roads, lane);
    ctx.stroke();
  }
  for (const inside of [1, 0]) {
    for (let lane = 0; lane < scene.lanes.id.length; lane++) {
      const edge = scene.lanes.edge[lane];
      if (roads.internal[lane] !== inside || (inside && roads.footway[lane])) continue;
      ctx.lineWidth = Math.max((heat && !inside ? 4 : 2) * screen.ratio, scene.lanes.width_m[lane] * screen.scale + 0.6);
      ctx.strokeStyle = closedSet.has(scene.edges.id[edge]) ? CLOSED : heat?.colour(edge) || surface(roads, lane);
      line(ctx, screen, roads, lane);
      ctx.stroke();
    }
  }
  if (screen.scale > 1.5) drawMarkings(ctx, screen, roads);
  if (screen.scale > 0.8 * screen.ratio) drawCrossings(ctx, screen, roads);
  drawStops(ctx, screen, roads);
  const taken = [];
  for (const place of scene.places) drawName(ctx, screen, screen.x(place.x_m), screen.y(place.y_m), place.name || place.id, taken);
  if (screen.scale > 2 * screen.ratio) for (const { x, y, name } of roads.stops) drawName(ctx, screen, screen.x(x), screen.y(y), name, taken);
  for (const unit of scene.radio?.units ?? scene.roadside) drawUnit(ctx, screen, unit, Boolean(scene.radio));
}

// A strip that both directions share and the places to wait at its ends stand out from other roads.
function surface(roads, lane) {
  if (roads.scene.edges.state[roads.scene.lanes.edge[lane]] === "planned") return PLANNED;
  if (roads.footway[lane]) return FOOTWAY;
  return roads.strip[lane] >= 0 ? STRIP : roads.waiting[lane] ? WAITING : ASPHALT;
}

function drawBuildings(ctx, screen, roads) {
  ctx.fillStyle = HOUSE;
  ctx.strokeStyle = HOUSE_EDGE;
  ctx.lineWidth = screen.ratio;
  for (const points of roads.buildings) { polygon(ctx, screen, points); ctx.fill(); ctx.stroke(); }
}

// Where people walk over a road: bars along the way they go.
function drawCrossings(ctx, screen, roads) {
  ctx.strokeStyle = MARK;
  ctx.setLineDash([0.5 * screen.scale, 0.5 * screen.scale]);
  for (let lane = 0; lane < roads.footway.length; lane++) {
    if (!roads.footway[lane] || !roads.internal[lane]) continue;
    ctx.lineWidth = roads.scene.lanes.width_m[lane] * screen.scale;
    line(ctx, screen, roads, lane);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

// A stop as a line along its kerb.
function drawStops(ctx, screen, roads) {
  ctx.strokeStyle = STOP;
  for (const { path } of roads.stops) {
    ctx.lineWidth = Math.max(2.5 * screen.ratio, 0.6 * screen.scale);
    ctx.beginPath();
    for (const [x, y] of path) ctx.lineTo(screen.x(x), screen.y(y));
    ctx.stroke();
  }
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
    if (roads.internal[lane] || roads.footway[lane] || lanes.index[lane] === 0) continue;
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
