import { chart } from './chart.mjs';
import { compose } from './compose.mjs';
import { container } from './container.mjs';
import { debianLifecycle } from './debian-lifecycle.mjs';
import { goClient } from './go-client.mjs';
import { javaClient } from './java-client.mjs';
import { npmScript } from './npm-script.mjs';
import { npx } from './npx.mjs';
import { pgbouncer } from './pgbouncer.mjs';
import { pythonClient } from './python-client.mjs';
import { schemathesis } from './schemathesis.mjs';
import { withServer } from './server.mjs';
import { suiteOnExecutable } from './suite-on-executable.mjs';
import { suiteOn } from './suite-on.mjs';
import { suiteOnPostgres } from './suite-on-postgres.mjs';
import { typescriptClient } from './typescript-client.mjs';

const asUser = (name, client) => ({ ...client, name, run: () => withServer((access) => client.run(access)) });

/** Every long check, in the order in which they run. */
export const CHECKS = [
  npmScript('check', 'What every commit must pass'),
  npmScript('coverage', 'The whole suite, and what it covers'),
  suiteOn(22),
  suiteOn(24),
  suiteOnPostgres(14),
  suiteOnPostgres(16),
  suiteOnPostgres(17),
  suiteOnPostgres(18),
  pgbouncer,
  suiteOnExecutable,
  npx,
  debianLifecycle,
  npmScript('conformance', 'Each SDK: its own tests and all scenarios'),
  npmScript('conformance-bugs', 'SDKs with deliberate bugs fail the scenarios', 'conformance -- --bugs'),
  asUser('openapi-typescript', typescriptClient),
  asUser('openapi-python', pythonClient),
  asUser('openapi-go', goClient),
  asUser('openapi-java', javaClient),
  asUser('schemathesis', schemathesis),
  container,
  compose,
  chart,
  npmScript('mutation', 'Small changes of the core and the store fail a test'),
  npmScript('proofs', 'All proofs at full length', 'prove -- --budget full'),
];
