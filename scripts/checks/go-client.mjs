import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, userOf, workshop } from './paths.mjs';
import { run } from './run.mjs';

const VERSION = 'v2.8.2';

/** oapi-codegen generates the client with its defaults, go vet compiles it, and a program uses it against a server. */
export const goClient = {
  what: 'oapi-codegen with its defaults, compiled with go vet and used',
  version: () => VERSION,
  run(access) {
    const folder = workshop('go');
    const api = join(folder, 'api');
    mkdirSync(api);
    run('go', ['mod', 'init', 'octostore.test/use'], { cwd: folder });
    const generator = `github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@${VERSION}`;
    writeFileSync(
      join(api, 'api.go'),
      run('go', ['run', generator, '-package', 'api', document], { cwd: folder }),
    );
    copyFileSync(join(userOf('go'), 'use.go'), join(folder, 'use.go'));
    run('go', ['mod', 'tidy'], { cwd: folder });
    run('go', ['vet', './...'], { cwd: folder });
    return run('go', ['run', '.'], { cwd: folder, env: access });
  },
};
