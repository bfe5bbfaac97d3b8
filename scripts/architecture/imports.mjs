import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** Which parts of `src` (its folders, and the files at its top) import which others: a map of sets. Type imports count. */
export function importsBetweenParts(src) {
  const imports = new Map();
  for (const file of sourceFiles(src)) {
    const from = partOf(relative(src, file));
    if (!imports.has(from)) imports.set(from, new Set());
    for (const to of importedParts(src, file)) if (to !== from) imports.get(from).add(to);
  }
  return imports;
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importedParts(src, file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => partOf(relative(src, join(dirname(file), fileName))));
}

function partOf(path) {
  return path.split(/[\\/]/)[0].replace(/\.[jt]s$/, '');
}

/** The imports without those that follow from a chain of other imports. */
export function withoutImplied(imports) {
  const all = transitive(imports);
  const isImplied = (direct, to) => [...direct].some((other) => all.get(other).has(to));
  return [...imports].flatMap(([from, direct]) =>
    [...direct].filter((to) => !isImplied(direct, to)).map((to) => ({ from, to })),
  );
}

/** For each part, everything that it imports directly or indirectly. */
function transitive(imports) {
  const known = new Map();
  const below = (part) => {
    if (!known.has(part)) known.set(part, closure(imports.get(part), below));
    return known.get(part);
  };
  for (const part of imports.keys()) below(part);
  return known;
}

function closure(direct, below) {
  const all = new Set(direct);
  for (const part of direct) below(part).forEach((further) => all.add(further));
  return all;
}
