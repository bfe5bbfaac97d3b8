import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, eventually, TOKENS } from '../abused-server.js';
import { ended, freePort, start } from '../program.js';

const STARTS_WITHIN_MS = 60_000;

/** At level `debug`, each request logs more than 100 bytes. In total this is more than a pipe can hold. */
const REQUESTS = { small: 1500, full: 20_000 } as const;

/** The log cannot be written, or is not read. Answers and the shutdown must not be affected. */
export const badLogs: Attack = {
  name: 'bad-logs',
  run: async (context) => {
    const full = openSync('/dev/full', 'w');
    const outputs: Readonly<Record<string, StdioOptions>> = {
      'a log on a full disk': ['ignore', full, full],
      'a log on a full disk and unread errors': ['ignore', full, 'pipe'],
      'an unread log': ['ignore', 'pipe', 'pipe'],
    };
    const all = Object.entries(outputs).map(([name, stdio]) => serveWith(name, stdio, context));
    await Promise.all(all).finally(() => closeSync(full));
  },
};

async function serveWith(name: string, stdio: StdioOptions, context: AttackContext): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
  const port = await freePort();
  const settings = { BIND_ADDR: `127.0.0.1:${port}`, LOG_LEVEL: 'debug', LOG_FORMAT: 'json' };
  const child = start({ main: context.main, folder, settings, stdio });
  try {
    await checkAnswers(name, port, context);
    await checkStop(name, child, context);
  } finally {
    child.kill('SIGKILL');
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkAnswers(name: string, port: number, { budget, findings }: AttackContext): Promise<void> {
  const connection = new Connection(() => ({ host: '127.0.0.1', port }), TOKENS.honest);
  const isReady = await eventually(
    () =>
      connection.get('/health').then(
        ({ status }) => status === 200,
        () => false,
      ),
    STARTS_WITHIN_MS,
  );
  if (!isReady) throw new Error(`with ${name}, the server does not start`);
  const wrong: string[] = [];
  for (let count = 0; count < REQUESTS[budget] && wrong.length === 0; count += 1) {
    const path = count % 2 === 0 ? '/locks/logged' : '/none';
    const answer = await connection.call('GET', path, '', EVENTUALLY_MS).catch(String);
    const isRight = typeof answer !== 'string' && answer.status === (count % 2 === 0 ? 200 : 404);
    if (!isRight || answer.body['error'] === '')
      wrong.push(`${count}: ${JSON.stringify(answer).slice(0, 200)}`);
  }
  connection.cut();
  findings.expect(wrong.length === 0, `with ${name}, an answer is wrong: ${wrong[0]}`);
}

async function checkStop(name: string, child: ChildProcess, { findings }: AttackContext): Promise<void> {
  child.kill('SIGTERM');
  const code = await ended(child);
  findings.expect(code === 0, `with ${name}, SIGTERM leads to exit code ${code ?? child.signalCode}`);
}
