// Signs that hold now: the stretch as a line along its lanes, the sign at its begin; broken: it is known by radio only.

const POSTED = "#c1121f", SHOWS = "#fff";

function signsAt(run, time) {
  return (run.scene.signs ?? []).filter((s) => s.from_s <= time && time < (s.to_s ?? Infinity));
}

function drawSigns(ctx, screen, { roads, signs }) {
  const apart = Math.max(2, 3 / screen.scale);
  for (const sign of signs) {
    ctx.strokeStyle = POSTED;
    ctx.globalAlpha = 0.45;
    ctx.lineWidth = Math.max(1.5 * screen.ratio, 0.4 * screen.scale);
    if (!sign.board) ctx.setLineDash([2 * ctx.lineWidth, 2 * ctx.lineWidth]);
    for (const lane of sign.lanes) {
      ctx.beginPath();
      for (let at = sign.begin_m; at < sign.end_m + apart; at += apart) {
        const p = roads.place(lane, Math.min(at, sign.end_m));
        ctx.lineTo(screen.x(p.x), screen.y(p.y));
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    drawSign(ctx, screen, roads, sign);
    ctx.setLineDash([]);
  }
}

// At the kerb: the limit in km/h in a ring, or two lines that are not to be crossed.
function drawSign(ctx, screen, roads, sign) {
  const lane = sign.lanes[0], p = roads.place(lane, sign.begin_m), r = Math.max(8 * screen.ratio, 1.2 * screen.scale);
  const aside = (roads.scene.lanes.width_m[lane] / 2) * screen.scale + 1.3 * r, side = roads.scene.left_hand ? -1 : 1;
  const x = screen.x(p.x) + p.dy * aside * side, y = screen.y(p.y) + p.dx * aside * side;
  ctx.fillStyle = SHOWS;
  dot(ctx, x, y, r);
  ctx.fillStyle = INK;
  ring(ctx, x, y, r, POSTED, 0.28 * r);
  ctx.textAlign = "center";
  ctx.font = `600 ${r}px system-ui, sans-serif`;
  ctx.fillText(sign.speed_mps === null ? "||" : Math.round(sign.speed_mps * 3.6), x, y + 0.36 * r);
}
