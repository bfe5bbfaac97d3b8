import type { OpenAPIObject } from '@nestjs/swagger';

type Path = OpenAPIObject['paths'][string];

/** Sorts the paths in the order of their tags, as readers see them. Within a tag, streams come last. */
export function orderPaths(document: OpenAPIObject): void {
  const tags = (document.tags ?? []).map(({ name }) => name);
  const rank = (name: string, path: Path): number => {
    const [tag = ''] = (path.get ?? path.post ?? path.put ?? path.delete)?.tags ?? [];
    return tags.indexOf(tag) * 2 + (name.endsWith('/watch') ? 1 : 0);
  };
  const entries = Object.entries(document.paths);
  document.paths = Object.fromEntries(
    entries.toSorted(([a, pathA], [b, pathB]) => rank(a, pathA) - rank(b, pathB)),
  );
}
