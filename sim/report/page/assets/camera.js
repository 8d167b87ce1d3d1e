// Where one looks at: drag, wheel, pinch; shared by all panes so that they show the same place.

const TOP = 44;  // pixels

class Camera {
  constructor(box) {
    this.box = box;
    this.x = this.y = 0;
    this.scale = 1;
  }

  fit(width, height) {
    const { west, south, east, north } = this.box;
    const free = Math.max(60, height - TOP);  // below what stands in the corner
    this.scale = Math.min(width / Math.max(50, (east - west) * 1.08), free / Math.max(50, (north - south) * 1.08));
    this.x = (west + east) / 2;
    this.y = (south + north) / 2 + TOP / 2 / this.scale;
  }

  zoom(factor, x = 0, y = 0) {
    const scale = Math.min(40, Math.max(0.005, this.scale * factor)), kept = 1 / this.scale - 1 / scale;
    this.x += x * kept;
    this.y -= y * kept;
    this.scale = scale;
  }

  move(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }
}

// Gestures on a canvas: moved() after each, tapped(x, y) in pixels from its middle.
function listen(canvas, camera, moved, tapped) {
  const fingers = new Map();
  let path = 0;
  const middle = (e) => {
    const box = canvas.getBoundingClientRect();
    return [e.clientX - box.left - box.width / 2, e.clientY - box.top - box.height / 2];
  };
  canvas.addEventListener("pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, middle(e));
    path = 0;
  });
  canvas.addEventListener("pointermove", (e) => {
    const before = fingers.get(e.pointerId);
    if (!before) return;
    const now = middle(e), others = [...fingers].filter(([id]) => id !== e.pointerId).map(([, at]) => at);
    if (others.length) {
      const [ox, oy] = others[0];
      const far = Math.hypot(now[0] - ox, now[1] - oy), was = Math.hypot(before[0] - ox, before[1] - oy);
      if (was > 0) camera.zoom(far / was, ox, oy);
    } else camera.move(now[0] - before[0], now[1] - before[1]);
    path += Math.hypot(now[0] - before[0], now[1] - before[1]);
    fingers.set(e.pointerId, now);
    moved(path > 4);
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (e) => {
    if (fingers.delete(e.pointerId) && kind === "pointerup" && path <= 4) tapped(...middle(e));
  });
  canvas.addEventListener("wheel", (e) => {
    e.preventDefault();
    camera.zoom(Math.exp(-e.deltaY * 0.0015), ...middle(e));
    moved(false);
  }, { passive: false });
}
