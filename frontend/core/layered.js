// A graph laid out in layers, top to bottom: ways back are turned round, layers are as deep as the longest way to them,
// long ways run through places of their own in each layer, and the order within a layer is the one with fewer crossings.

/** @typedef {{from: string, to: string}} Way */
/** @typedef {{name: string, x: number, y: number}} Box x and y are its middle */
/** @typedef {{from: string, to: string, points: [number, number][]}} Line from the edge of one box to the edge of another */
/** @typedef {{id: string, name: string, layer: number, x: number, ups: Spot[], downs: Spot[]}} Spot a box, or the place of a long way (name "") */
/** @typedef {{width: number, height: number, across: number, down: number, lane: number}} Sizes of a box, between boxes, and of a place of a long way */

const SWEEPS = 12;

/** @param {string[]} names @param {Way[]} ways @param {string} start @returns {Set<Way>} those that lead back, seen from the start */
function waysBack(names, ways, start) {
  const back = new Set();
  const state = new Map();
  const walk = (/** @type {string} */ name) => {
    state.set(name, "open");
    for (const way of ways) {
      if (way.from !== name) continue;
      if (state.get(way.to) === "open") back.add(way);
      else if (!state.has(way.to)) walk(way.to);
    }
    state.set(name, "done");
  };
  for (const name of [start, ...names]) if (!state.has(name)) walk(name);
  return back;
}

/** @param {string[]} names @param {{high: string, low: string}[]} edges without a circle @returns {Map<string, number>} length of the longest way to each */
function depths(names, edges) {
  const known = new Map();
  const depth = (/** @type {string} */ name) => {
    if (!known.has(name)) {
      known.set(name, 0);
      known.set(name, Math.max(0, ...edges.filter(({ low }) => low === name).map(({ high }) => depth(high) + 1)));
    }
    return known.get(name);
  };
  names.forEach(depth);
  return known;
}

/** @param {Spot[][]} layers @returns {number} pairs of ways between neighbouring layers that cross */
function crossings(layers) {
  let count = 0;
  for (const layer of layers.slice(0, -1)) {
    const ends = layer.flatMap((spot, place) => spot.downs.map((down) => [place, layers[spot.layer + 1].indexOf(down)]));
    ends.forEach(([a, b], index) => {
      for (const [c, d] of ends.slice(index + 1)) if ((a - c) * (b - d) < 0) count += 1;
    });
  }
  return count;
}

/** @param {Spot[][]} layers put into the order with the fewest crossings that was met */
function untangle(layers) {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      const beside = layers[layer[0].layer + (down ? -1 : 1)];
      if (!beside) continue;
      const place = new Map(layer.map((spot, index) => {
        const near = (down ? spot.ups : spot.downs).map((other) => beside.indexOf(other));
        return [spot, near.length > 0 ? near.reduce((sum, one) => sum + one, 0) / near.length : index];
      }));
      layer.sort((one, other) => Number(place.get(one)) - Number(place.get(other)));
    }
    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, index) => layers[index].splice(0, layer.length, ...layer));
}

/**
 * Places as near as possible to the wanted ones, in their order and at least so far apart (least squares: neighbours
 * that would overlap are moved together).
 * @param {number[]} wanted @param {number[]} apart between each and the one before @param {number[]} weights @returns {number[]}
 */
export function spread(wanted, apart, weights) {
  let offset = 0;
  const offsets = apart.map((gap, index) => (offset += index === 0 ? 0 : gap));
  /** @type {{sum: number, weight: number, from: number, to: number}[]} */
  const blocks = [];
  wanted.forEach((place, index) => {
    blocks.push({ sum: (place - offsets[index]) * weights[index], weight: weights[index], from: index, to: index });
    while (blocks.length > 1) {
      const [one, other] = blocks.slice(-2);
      if (one.sum / one.weight <= other.sum / other.weight) break;
      blocks.splice(-2, 2, { sum: one.sum + other.sum, weight: one.weight + other.weight, from: one.from, to: other.to });
    }
  });
  return blocks.flatMap(({ sum, weight, from, to }) => offsets.slice(from, to + 1).map((at) => sum / weight + at));
}

/** @param {Spot[][]} layers @param {Sizes} sizes */
function place(layers, sizes) {
  const breadth = (/** @type {Spot} */ spot) => (spot.name ? sizes.width : sizes.lane);
  const gaps = layers.map((layer) => layer.map((spot, index) => (index ? (breadth(layer[index - 1]) + breadth(spot)) / 2 + (spot.name || layer[index - 1].name ? sizes.across : 0) : 0)));
  layers.forEach((layer, row) => spread(layer.map(() => 0), gaps[row], layer.map(() => 1)).forEach((x, index) => (layer[index].x = x)));
  for (let round = 0; round < 2 * SWEEPS; round += 1) {
    const down = round % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      const wanted = layer.map((spot) => {
        const near = [...spot.ups, ...spot.downs];
        // What continues a long way pulls most, so that long ways are straight.
        const pulls = near.map((other) => (spot.name || other.name ? 1 : 6));
        const all = pulls.reduce((sum, one) => sum + one, 0);
        return all ? near.reduce((sum, other, index) => sum + other.x * pulls[index], 0) / all : spot.x;
      });
      spread(wanted, gaps[layer[0].layer], layer.map((spot) => (spot.name ? 2 : 1))).forEach((x, index) => (layer[index].x = x));
    }
  }
}

/**
 * @param {string[]} names @param {Way[]} ways @param {string} start @param {Sizes} sizes
 * @returns {{boxes: Box[], lines: Line[], width: number, height: number}}
 */
export function layered(names, ways, start, sizes) {
  const once = [...new Map(ways.filter(({ from, to }) => from !== to).map((way) => [`${way.from}\n${way.to}`, way])).values()];
  const back = waysBack(names, once, start);
  const edges = once.map((way) => (back.has(way) ? { way, high: way.to, low: way.from } : { way, high: way.from, low: way.to }));
  const layerOf = depths(names, edges);
  /** @type {Spot[][]} */
  const layers = Array.from({ length: Math.max(...layerOf.values()) + 1 }, () => []);
  /** @type {Map<string, Spot>} */
  const spots = new Map();
  const add = (/** @type {string} */ id, /** @type {string} */ name, /** @type {number} */ layer) => {
    const spot = { id, name, layer, x: 0, ups: [], downs: [] };
    spots.set(id, spot);
    layers[layer].push(spot);
    return spot;
  };
  for (const name of names) add(name, name, Number(layerOf.get(name)));
  const chains = edges.map(({ way, high, low }) => {
    const chain = [/** @type {Spot} */ (spots.get(high))];
    for (let layer = Number(layerOf.get(high)) + 1; layer < Number(layerOf.get(low)); layer += 1) chain.push(add(`${high}\n${low}\n${layer}`, "", layer));
    chain.push(/** @type {Spot} */ (spots.get(low)));
    chain.slice(1).forEach((spot, index) => {
      chain[index].downs.push(spot);
      spot.ups.push(chain[index]);
    });
    return { way, chain };
  });
  untangle(layers);
  place(layers, sizes);
  const all = [...spots.values()];
  const edge = Math.min(...all.map((spot) => spot.x - (spot.name ? sizes.width : sizes.lane) / 2));
  for (const spot of all) spot.x -= edge;
  const step = sizes.height + sizes.down;
  const middle = (/** @type {Spot} */ spot) => spot.layer * step + sizes.height / 2;
  /** Where on the side of a box a way leaves it: in the order of where it goes. @param {Spot} spot @param {Spot} next @param {Spot[]} siblings */
  const port = (spot, next, siblings) => {
    const order = [...siblings].sort((one, other) => one.x - other.x);
    return spot.x + ((order.indexOf(next) + 1) / (order.length + 1) - 0.5) * sizes.width * 0.8;
  };
  const lines = chains.map(({ way, chain }) => {
    const [first, last] = [chain[0], chain[chain.length - 1]];
    /** @type {[number, number][]} */
    const points = [[port(first, chain[1], first.downs), middle(first) + sizes.height / 2]];
    for (const spot of chain.slice(1, -1)) points.push([spot.x, middle(spot) - sizes.height / 2], [spot.x, middle(spot) + sizes.height / 2]);
    points.push([port(last, chain[chain.length - 2], last.ups), middle(last) - sizes.height / 2]);
    return { from: way.from, to: way.to, points: back.has(way) ? points.reverse() : points };
  });
  return {
    boxes: names.map((name) => ({ name, x: Number(spots.get(name)?.x), y: middle(/** @type {Spot} */ (spots.get(name))) })),
    lines,
    width: Math.max(...all.map((spot) => spot.x + (spot.name ? sizes.width : sizes.lane) / 2)),
    height: layers.length * step - sizes.down,
  };
}
