import type { OpenAPIObject } from '@nestjs/swagger';

type Path = OpenAPIObject['paths'][string];

/** Sorts the paths as the tags are sorted, and within a tag streams behind the rest: that is how readers meet them. */
export function orderPaths(document: OpenAPIObject): void {
  const tags = (document.tags ?? []).map(({ name }) => name);
  const rank = (name: string, path: Path): number => {
    const [tag = ''] = (path.get ?? path.post ?? path.delete)?.tags ?? [];
    return tags.indexOf(tag) * 2 + (name.endsWith('/watch') ? 1 : 0);
  };
  const entries = Object.entries(document.paths);
  document.paths = Object.fromEntries(
    entries.toSorted(([a, pathA], [b, pathB]) => rank(a, pathA) - rank(b, pathB)),
  );
}
