/** Counts the lines that begin a statement, and those of them that the tests have reached. */
export function countLines(files) {
  const lines = files.flatMap((file) => [...linesOf(file).values()]);
  return { all: lines.length, reached: lines.filter((isReached) => isReached).length };
}

function linesOf({ s, statementMap }) {
  const lines = new Map();
  for (const [id, count] of Object.entries(s)) {
    const { line } = statementMap[id].start;
    lines.set(line, (lines.get(line) ?? false) || count > 0);
  }
  return lines;
}
