// Reads what sim/report/replay/payload.py wrote: deflated, base64; a header of JSON, then arrays.

async function inflate(text) {
  let raw;
  if (Uint8Array.fromBase64) raw = Uint8Array.fromBase64(text);
  else {
    const letters = atob(text);
    raw = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) raw[i] = letters.charCodeAt(i);
  }
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };

async function unpack(text) {
  const buffer = await inflate(text);
  const size = new DataView(buffer).getUint32(0, true);
  const run = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  let at = 4 + size;
  at += (4 - (at % 4)) % 4;
  const parts = {};
  for (const [name, kind, count] of run.arrays) {
    parts[name] = new ARRAYS[kind](buffer, at, count);
    at += parts[name].byteLength;
    at += (4 - (at % 4)) % 4;
  }
  Object.assign(run.tracks, unpackTracks(run, parts));
  run.parts = parts;
  return run;
}

// Adds second differences up twice: lane and position of every sample, track by track.
function unpackTracks(run, parts) {
  const { start, visits, visit_lane, visit_samples, visit_position, low, high } = parts;
  let total = 0;
  for (let i = 0; i < visit_samples.length; i++) total += visit_samples[i];
  const many = run.scene.lanes.id.length > 65535;
  const lane = many ? new Uint32Array(total) : new Uint16Array(total);
  const place = new Uint16Array(total);
  const first = new Uint32Array(start.length + 1);
  let sample = 0, visit = 0, at = 0;
  for (let track = 0; track < start.length; track++) {
    first[track] = sample;
    let step = 0;
    for (let end = visit + visits[track]; visit < end; visit++) {
      let p = visit_position[visit];
      const l = visit_lane[visit], stop = sample + visit_samples[visit];
      lane[sample] = l;
      place[sample++] = p;
      while (sample < stop) {
        const coded = low[at] | (high[at++] << 8);
        step += (coded >>> 1) ^ -(coded & 1);
        p += step;
        lane[sample] = l;
        place[sample++] = p;
      }
    }
  }
  first[start.length] = sample;
  return { start, first, lane, place };
}
