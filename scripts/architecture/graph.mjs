import { BOX, GAP } from './sizes.mjs';

/**
 * Returns rows of nodes, with a line from each node to the nodes that it imports in the next row. If an import skips rows, each of
 * them gets a bend, which is a narrow node that reserves space for the line.
 */
export function graphOf(rows, imports) {
  const levels = rows.map(({ parts }) => parts.map((part) => node(part, BOX.width)));
  const boxes = new Map(levels.flatMap((nodes, level) => nodes.map((box) => [box.part, { box, level }])));
  const arrows = imports.map(({ from, to }) => {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    const path = [start.box, ...bends(levels, start.level, end.level), end.box];
    path.slice(1).forEach((next, index) => link(path[index], next));
    return path;
  });
  return { levels, arrows };
}

function bends(levels, from, to) {
  const chain = levels.slice(from + 1, to).map(() => node(null, GAP.bend));
  chain.forEach((bend, index) => {
    bend.chain = chain;
    levels[from + 1 + index].push(bend);
  });
  return chain;
}

/** `chain` has all bends of one arrow. It is empty for a box. */
function node(part, width) {
  return { part, width, x: 0, above: [], below: [], chain: [] };
}

function link(from, to) {
  from.below.push(to);
  to.above.push(from);
}
