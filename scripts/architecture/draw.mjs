import { GROUPS } from './parts.mjs';
import { BOX, GAP, PAGE } from './sizes.mjs';

const STYLE = `
    svg { --paper: #ffffff; --band: #f4f6f9; --box: #ffffff; --edge: #c3cbd6; --ink: #1c2430; --quiet: #5b6778; --line: #7c8aa0 }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0f141b; --band: #171e28; --box: #212b38; --edge: #3c4a5e; --ink: #e8edf4; --quiet: #a3b0c2; --line: #8494ab }
    }
    text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: var(--ink) }
    .paper { fill: var(--paper) }
    .band { fill: var(--band) }
    .group { font-size: 12px; font-weight: 600; fill: var(--quiet); letter-spacing: .04em }
    .box { fill: var(--box); stroke: var(--edge) }
    .name { font-size: 13px; font-weight: 600; text-anchor: middle }
    .what { font-size: 10.5px; fill: var(--quiet); text-anchor: middle }
    .arrow { fill: none; stroke: var(--line); stroke-width: 1.3; marker-end: url(#head) }
    .head { fill: var(--line) }`;

/** The picture as the text of an SVG file. */
export function draw(rows, { levels, arrows }) {
  const tops = topsOf(rows);
  const frame = frameOf(levels, tops);
  const at = new Map(levels.flatMap((nodes, level) => nodes.map((node) => [node, tops[level]])));
  const body = [
    ...bandsOf(rows, tops, frame),
    ...arrows.map((path) => arrow(path, at)),
    ...boxes(levels, at),
  ];
  return page(frame, body);
}

function topsOf(rows) {
  let y = PAGE.margin + GAP.group;
  return rows.map(({ group }, index) => {
    if (index > 0) y += BOX.height + GAP.row + (rows[index - 1].group === group ? 0 : GAP.group);
    return y;
  });
}

function frameOf(levels, tops) {
  const nodes = levels.flat();
  const left = Math.min(...nodes.map(({ x, width }) => x - width / 2)) - PAGE.label - PAGE.margin;
  const right = Math.max(...nodes.map(({ x, width }) => x + width / 2)) + PAGE.margin * 2;
  return {
    left: round(left),
    width: round(right - left),
    height: tops.at(-1) + BOX.height + GAP.group + PAGE.margin,
  };
}

function bandsOf(rows, tops, { left, width }) {
  return Object.keys(GROUPS).flatMap((group) => {
    const own = tops.filter((_, index) => rows[index].group === group);
    const top = own[0] - GAP.group + 4;
    const height = own.at(-1) + BOX.height + GAP.group - 4 - top;
    return [
      `<rect class="band" x="${left + 12}" y="${top}" width="${width - 24}" height="${height}" rx="10"/>`,
      `<text class="group" x="${left + PAGE.margin + 4}" y="${own[0] + 16}">${group}</text>`,
    ];
  });
}

function boxes(levels, at) {
  return levels
    .flat()
    .filter(({ part }) => part !== null)
    .flatMap((node) => {
      const [x, y] = [round(node.x), at.get(node)];
      return [
        `<rect class="box" x="${round(x - BOX.width / 2)}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="${BOX.radius}"/>`,
        `<text class="name" x="${x}" y="${y + 17}">${node.part}</text>`,
        `<text class="what" x="${x}" y="${y + 32}">${descriptionOf(node.part)}</text>`,
      ];
    });
}

function descriptionOf(part) {
  return Object.values(GROUPS).find((parts) => Object.hasOwn(parts, part))[part];
}

/** One arrow, from the lower side of a box past the bends to the upper side of another. */
function arrow(path, at) {
  const steps = path.slice(1).map((to, index) => {
    const from = path[index];
    const start = [portX(from, from.below, to), at.get(from) + BOX.height];
    const end = [portX(to, to.above, from), at.get(to) - (to.part === null ? 0 : 5)];
    return `${index === 0 ? 'M' : 'L'}${start.join()} ${curve(start, end)}`;
  });
  return `<path class="arrow" d="${steps.join(' ')}"/>`;
}

function curve([x1, y1], [x2, y2]) {
  const middle = round((y1 + y2) / 2);
  return x1 === x2 ? `L${x2},${y2}` : `C${x1},${middle} ${x2},${middle} ${x2},${y2}`;
}

/** Lines leave and enter a box side by side, in the order of where they lead. */
function portX(node, neighbours, other) {
  if (node.part === null) return round(node.x);
  const sorted = neighbours.toSorted((a, b) => a.x - b.x);
  const step = Math.min(26, (BOX.width - 30) / neighbours.length);
  return round(node.x + (sorted.indexOf(other) - (sorted.length - 1) / 2) * step);
}

function page({ left, width, height }, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">The parts of src, from top to bottom. Every import leads downward.</title>
  <style>${STYLE}
  </style>
  <defs><marker id="head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0,0 L8,4 L0,8 z"/></marker></defs>
  <rect class="paper" x="${left}" width="${width}" height="${height}" rx="12"/>
  ${body.join('\n  ')}
</svg>
`;
}

function round(value) {
  return Math.round(value);
}
