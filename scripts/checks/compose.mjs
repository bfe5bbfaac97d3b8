import { strictEqual as equal } from 'node:assert';
import { join } from 'node:path';
import { ownGoTool } from './go-tool.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const VERSION = 'v2.16.2';

const EXPECTED = `compose.yaml [octostore]
compose.teams.yaml [primary server-1 server-2 server-3 standby]
`;

/** Loads the Compose files with the library of Docker Compose. They are not run. */
export const compose = {
  name: 'compose',
  what: 'The Compose files, loaded with the library of Docker Compose',
  version: () => `compose-go ${VERSION}`,
  run: async () => {
    const modules = [`github.com/compose-spec/compose-go/v2@${VERSION}`];
    const loader = ownGoTool(join(root, 'scripts/checks/compose'), 'compose', modules);
    const env = { POSTGRES_PASSWORD: 'one', SECRET_KEY: 'two' };
    equal(run(loader, ['compose.yaml', 'compose.teams.yaml'], { cwd: root, env }), EXPECTED);
  },
};
