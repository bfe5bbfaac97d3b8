import { GAP } from './sizes.mjs';

const ROUNDS = 400;
/** Lines that skip a level should be straight, so boxes make room for bends, and not the other way around. */
const WEIGHT = { box: 1, bend: 6 };
/** How strongly boxes move toward the middle, which keeps the picture narrow. */
const TO_MIDDLE = 0.03;

/** Sets the x of each node's center, near the average of its neighbors and without overlaps within its level. */
export function placeNodes(levels) {
  for (const nodes of levels)
    spread(
      nodes,
      nodes.map(() => 0),
    );
  for (let round = 0; round < ROUNDS; round++) {
    for (const nodes of round % 2 === 0 ? levels : levels.toReversed()) spread(nodes, nodes.map(wantedX));
  }
}

/** The best position for a box is between its neighbors. For a bend it is in line with the other bends of its arrow. */
function wantedX({ part, above, below, chain }) {
  if (part !== null) return (1 - TO_MIDDLE) * middleOf([...above, ...below]);
  return middleOf([...chain, ...chain.at(0).above, ...chain.at(-1).below]);
}

function middleOf(nodes) {
  return nodes.reduce((sum, { x }) => sum + x, 0) / nodes.length;
}

/** The positions nearest to the wanted ones that keep order and distance. Neighbors that are too close move as one block. */
function spread(nodes, wanted) {
  const offsets = offsetsOf(nodes);
  const blocks = [];
  nodes.forEach((node, index) => {
    blocks.push({ nodes: [index], weight: weightOf(node), x: wanted[index] - offsets[index] });
    while (blocks.length > 1 && blocks.at(-2).x > blocks.at(-1).x)
      blocks.push(merged(blocks.pop(), blocks.pop()));
  });
  for (const { nodes: indexes, x } of blocks)
    for (const index of indexes) nodes[index].x = x + offsets[index];
}

/** The distance of each node from the first one when all are packed. */
function offsetsOf(nodes) {
  let offset = 0;
  return nodes.map((node, index) => {
    if (index > 0) offset += (nodes[index - 1].width + node.width) / 2 + GAP.column;
    return offset;
  });
}

function weightOf({ part }) {
  return part === null ? WEIGHT.bend : WEIGHT.box;
}

function merged(right, left) {
  const weight = left.weight + right.weight;
  const x = (left.x * left.weight + right.x * right.weight) / weight;
  return { nodes: [...left.nodes, ...right.nodes], weight, x };
}
