const SWEEPS = 24;

/** Sorts the nodes of each level so that few lines cross: repeatedly, by the average position of their neighbors. */
export function sortLevels(levels) {
  let best = snapshot(levels);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    sortOnce(levels, sweep % 2 === 0);
    const current = snapshot(levels);
    if (current.crossings < best.crossings) best = current;
  }
  best.orders.forEach((order, index) => levels.splice(index, 1, order));
}

function sortOnce(levels, downward) {
  const side = downward ? 'above' : 'below';
  for (const nodes of downward ? levels : levels.toReversed()) {
    const places = placesOf(levels);
    const wanted = new Map(
      nodes.map((node) => [node, average(node[side].map((other) => places.get(other)))]),
    );
    nodes.sort((a, b) => (wanted.get(a) ?? places.get(a)) - (wanted.get(b) ?? places.get(b)));
  }
}

/** Each node's position in its level, from 0 for the first to 1 for the last. */
function placesOf(levels) {
  return new Map(levels.flatMap((nodes) => nodes.map((node, index) => [node, (index + 0.5) / nodes.length])));
}

function average(values) {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function snapshot(levels) {
  return { orders: levels.map((nodes) => [...nodes]), crossings: crossings(levels) };
}

function crossings(levels) {
  const places = placesOf(levels);
  const lines = (nodes) =>
    nodes.flatMap((node) => node.below.map((to) => [places.get(node), places.get(to)]));
  return levels.map((nodes) => crossingPairs(lines(nodes))).reduce((sum, count) => sum + count, 0);
}

function crossingPairs(lines) {
  return lines.flatMap((line, index) => lines.slice(index + 1).filter((other) => crosses(line, other)))
    .length;
}

function crosses([from, to], [otherFrom, otherTo]) {
  return (from - otherFrom) * (to - otherTo) < 0;
}
