// What happened when: vehicles on the road as a hill, events as ticks, and their kinds' colours.

const KINDS = {
  collision: { colour: "#b00020", weight: 100 },
  jam: { colour: "#6a3d9a", weight: 90 },
  red_light_entry: { colour: "#d7191c", weight: 80 },
  emergency_braking: { colour: "#e66101", weight: 60 },
  conflict: { colour: "#c51b7d", weight: 50 },
  take_over: { colour: "#7b3294", weight: 50 },
  minimal_risk_manoeuvre: { colour: "#54278f", weight: 55 },
  transition_demand: { colour: "#9e9ac8", weight: 45 },
  message_lost: { colour: "#80a0c0", weight: 10 },
  close: { colour: "#5d4037", weight: 30 },
  open: { colour: "#5d4037", weight: 30 },
  incident_begin: { colour: "#8a6d00", weight: 40 },
  incident_end: { colour: "#8a6d00", weight: 40 },
  sign_begin: { colour: "#c1121f", weight: 20 },
  sign_end: { colour: "#c1121f", weight: 20 },
};
const PLAIN = { colour: "#5f6b77", weight: 20 };
const kindOf = (kind) => KINDS[kind] ?? PLAIN;

// Rounded as the report and the terminal do.
function clockText(seconds) {
  const whole = Math.floor(seconds + 0.5), two = (x) => String(x).padStart(2, "0");
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function drawTimeline(canvas, show) {
  const ratio = Math.min(2, window.devicePixelRatio || 1), box = canvas.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(box.width * ratio));
  canvas.height = Math.max(1, Math.round(box.height * ratio));
  const ctx = canvas.getContext("2d"), { width, height } = canvas;
  const x = (time) => ((time - show.begin) / Math.max(1e-9, show.end - show.begin)) * width;
  const most = Math.max(1, ...show.panes.map((p) => p.series.most));
  show.panes.forEach(({ series }, i) => {
    ctx.beginPath();
    ctx.moveTo(x(series.time[0] ?? 0), height);
    series.time.forEach((t, k) => ctx.lineTo(x(t), height - (series.road[k] / most) * height * 0.75));
    ctx.lineTo(x(series.time.at(-1) ?? 0), height);
    ctx.fillStyle = ctx.strokeStyle = i ? "rgba(213,94,0,.55)" : "#c8d3dd";
    if (i) ctx.stroke(); else ctx.fill();
  });
  for (const event of show.seen.reverse()) {
    ctx.fillStyle = kindOf(event.kind).colour;
    const weight = kindOf(event.kind).weight;
    ctx.fillRect(x(event.time) - ratio, 0, 2 * ratio, height * (0.3 + 0.5 * (weight / 100)));
  }
  ctx.fillStyle = INK;
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  const step = [60, 300, 600, 900, 1800, 3600, 7200, 14400].find((s) => (s / (show.end - show.begin)) * width > 70 * ratio) ?? 28800;
  for (let t = Math.ceil(show.begin / step) * step; t < show.end; t += step) {
    ctx.globalAlpha = 0.25;
    ctx.fillRect(x(t), 0, ratio, height);
    ctx.globalAlpha = 1;
    ctx.fillText(clockText(t).slice(0, 5), x(t) + 3 * ratio, height - 3 * ratio);
  }
  ctx.fillRect(x(show.time) - ratio, 0, 2 * ratio, height);
}

// On the road, mean speed and standing, at most 1,500 points; counted from the samples.
function seriesOf(run) {
  const t = run.tracks, frames = t.frames, road = new Uint32Array(frames + 1), still = new Uint32Array(frames + 1);
  const driven = new Float64Array(frames + 1), moved = new Uint32Array(frames + 1);
  const onFoot = new Set(run.scene.cards.filter((c) => c.vehicle_class === "pedestrian").map((c) => c.name));
  for (let track = 0; track < t.start.length; track++) {
    if (onFoot.has(t.card[track])) continue;
    const base = t.first[track] - t.start[track];
    let step = 0;
    for (let i = t.first[track]; i < t.first[track + 1]; i++) {
      const frame = i - base;
      road[frame]++;
      if (i > t.first[track] && t.lane[i] === t.lane[i - 1]) step = t.place[i] - t.place[i - 1];
      if (i > t.first[track]) { driven[frame] += step; moved[frame]++; }  // where the lane changes, the step before stands for it
      if (i > t.first[track] && step * t.unit < 0.1 * t.period) still[frame]++;
    }
  }
  const every = Math.max(1, Math.ceil(frames / 1500)), out = { time: [], road: [], speed: [], still: [], most: 0 };
  for (let frame = 0; frame < frames; frame += every) {
    out.time.push(t.begin + frame * t.period);
    out.road.push(road[frame]);
    out.speed.push(moved[frame] ? (driven[frame] * t.unit * 3.6) / t.period / moved[frame] : null);
    out.still.push(still[frame]);
    out.most = Math.max(out.most, road[frame]);
  }
  return out;
}

// The event whose tick is within 5 pixels of the pointer.
function eventNear(show, e) {
  if (!(e.clientX > 0)) return undefined;  // a key, not a pointer
  const box = e.target.getBoundingClientRect(), wanted = show.begin + ((e.clientX - box.left) / box.width) * (show.end - show.begin);
  const reach = (5 / box.width) * (show.end - show.begin);
  return show.seen.filter((x) => Math.abs(x.time - wanted) <= reach).sort((a, b) => Math.abs(a.time - wanted) - Math.abs(b.time - wanted))[0];
}

function eventTitle(show, event) {
  const what = TEXTS[`event.${event.kind}`] ? T(`event.${event.kind}`) : event.kind;
  return `${clockText(event.time)} ${what}: ${[event.subject, event.other].filter(Boolean).join(" – ") || event.edge || ""}`;
}
