import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, userOf, workshop } from './paths.mjs';
import { pythonTools } from './python.mjs';
import { run } from './run.mjs';

const GENERATOR = '0.29.1';
const tools = () => pythonTools([`openapi-python-client==${GENERATOR}`, 'mypy==2.4.1', 'ruff==0.17.6']);

/** openapi-python-client generates the client, compileall and mypy check it, and a program uses it against a server. */
export const pythonClient = {
  what: 'openapi-python-client, compiled, checked with mypy and used',
  version: () => GENERATOR,
  run(access) {
    const folder = workshop('python');
    const bin = tools();
    const env = { ...access, PATH: `${bin}:${process.env.PATH}`, PYTHONPATH: folder };
    const user = join(userOf('python'), 'use.py');
    const python = join(bin, 'python');
    run(join(bin, 'openapi-python-client'), generation(folder), { cwd: folder, env });
    run(python, ['-m', 'compileall', '-q', folder]);
    run(join(bin, 'mypy'), ['--strict', '--cache-dir', join(folder, '.mypy'), user], { cwd: folder, env });
    return run(python, [user], { env: { ...env, PYTHONDONTWRITEBYTECODE: '1' } });
  },
};

/** The generator knows no lines of JSON, so it must be told that they are text. */
const SETTINGS = 'content_type_overrides:\n  application/x-ndjson: text/plain\n';

function generation(folder) {
  const settings = join(folder, 'settings.yaml');
  writeFileSync(settings, SETTINGS);
  const target = join(folder, 'octostore_api');
  const options = ['--config', settings, '--meta', 'none', '--fail-on-warning', '--output-path', target];
  return ['generate', '--path', document, ...options];
}
