import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, root, userOf, workshop } from './paths.mjs';
import { run } from './run.mjs';

/** openapi-typescript generates the types, tsc compiles a program that uses them, and it runs against a server. */
export const typescriptClient = {
  what: 'openapi-typescript, compiled with tsc and used',
  version: () =>
    run('npm', ['ls', '--depth=0', 'openapi-typescript'], { cwd: root })
      .match(/(?<=@)[\d.]+/g)
      ?.at(-1),
  run(access) {
    const folder = workshop('typescript');
    run(process.execPath, [tool('openapi-typescript/bin/cli.js'), document, '-o', join(folder, 'api.ts')]);
    for (const name of ['use.ts', 'tsconfig.json'])
      copyFileSync(join(userOf('typescript'), name), join(folder, name));
    run(process.execPath, [tool('typescript/bin/tsc'), '-p', folder]);
    return run(process.execPath, [join(folder, 'out', 'use.js')], { env: access });
  },
};

function tool(path) {
  return join(root, 'node_modules', path);
}
