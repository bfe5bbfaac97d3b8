import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checks/paths.mjs';

/** The folders of `test` whose specs are fast. */
const FAST =
  'access auth clock config contract core docs events fuzz http kit replica rules secrets store term'.split(
    ' ',
  );

/** Fast specs in other folders. */
const FAST_ALONE = ['conformance', 'conformance-runner'].map((name) => `test/sdks/${name}.spec.ts`);

/** Specs in these folders that are not, because they start many processes or servers. */
const SLOW = new Set([
  'test/contract/postgres-journal.spec.ts',
  'test/docs/cli.spec.ts',
  'test/docs/protected-resource.spec.ts',
  'test/kit/postgres/pair.spec.ts',
  'test/term/terms.spec.ts',
]);

/** The specs that `npm run check` always runs. */
export function fastSpecs() {
  return [...FAST.flatMap(specsIn).filter((path) => !SLOW.has(path)), ...FAST_ALONE];
}

function specsIn(folder) {
  const names = readdirSync(join(root, 'test', folder), { recursive: true });
  return names.filter((name) => name.endsWith('.spec.ts')).map((name) => join('test', folder, name));
}
