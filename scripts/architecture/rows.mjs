import { GROUPS } from './parts.mjs';

/**
 * Splits the layers into the rows of the picture. Parts share a row if they are adjacent in `topToBottom`, belong to the same group
 * and do not import each other. So an import always leads to a lower row.
 */
export function rowsOf(topToBottom, imports) {
  checkParts(topToBottom);
  const rows = [];
  for (const part of topToBottom) {
    const row = rows.at(-1);
    const group = groupOf(part);
    const fits = row?.group === group && !row.parts.some((above) => imports.get(above)?.has(part));
    if (fits) row.parts.push(part);
    else rows.push({ group, parts: [part] });
  }
  return rows;
}

function groupOf(part) {
  return Object.keys(GROUPS).find((group) => Object.hasOwn(GROUPS[group], part));
}

function checkParts(topToBottom) {
  const described = Object.values(GROUPS).flatMap((parts) => Object.keys(parts));
  if (described.join() === topToBottom.join()) return;
  throw new Error(
    `scripts/architecture/parts.mjs and TOP_TO_BOTTOM in .dependency-cruiser.cjs must list the same parts in the same order.\n` +
      `parts.mjs:     ${described.join(' ')}\nTOP_TO_BOTTOM: ${topToBottom.join(' ')}`,
  );
}
