/** A line of a comparison of two texts. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Which lines were removed and added between two texts. Meant for documents of some thousand lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const young = linesOf(after);
  const start = commonStart(old, young);
  const end = commonEnd(old, young, start);
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), young.slice(start, young.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function same(text: string): DiffLine {
  return { kind: 'same', text };
}

function commonStart(old: readonly string[], young: readonly string[]): number {
  let length = 0;
  while (length < old.length && length < young.length && old[length] === young[length]) length += 1;
  return length;
}

function commonEnd(old: readonly string[], young: readonly string[], start: number): number {
  let length = 0;
  while (
    length < old.length - start &&
    length < young.length - start &&
    old[old.length - 1 - length] === young[young.length - 1 - length]
  ) {
    length += 1;
  }
  return length;
}

/** By the longest common subsequence. */
function middle(old: readonly string[], young: readonly string[]): DiffLine[] {
  const width = young.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = young.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === young[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < young.length) {
    const removed = old[row];
    const added = young[column];
    if (removed !== undefined && removed === added) {
      lines.push(same(removed));
      row += 1;
      column += 1;
    } else if (removed !== undefined && (added === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: 'removed', text: removed });
      row += 1;
    } else {
      lines.push({ kind: 'added', text: added ?? '' });
      column += 1;
    }
  }
  return lines;
}
