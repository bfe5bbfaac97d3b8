import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, soon, TOKENS } from '../abused-server.js';
import { ended, freePort, start } from '../program.js';

const STARTS_WITHIN_MS = 60_000;

/** At level `debug` each leaves a line of more than 100 bytes: more than any pipe takes. */
const REQUESTS = { small: 1500, full: 20_000 } as const;

/** The log goes where nothing can be written, or where nobody reads. Answers and the stop must not suffer. */
export const badLogs: Attack = {
  name: 'bad-logs',
  run: async (stage) => {
    const full = openSync('/dev/full', 'w');
    const places: Readonly<Record<string, StdioOptions>> = {
      'a log on a full disk': ['ignore', full, full],
      'a log on a full disk and errors that nobody reads': ['ignore', full, 'pipe'],
      'a log that nobody reads': ['ignore', 'pipe', 'pipe'],
    };
    const all = Object.entries(places).map(([what, stdio]) => serveWith(what, stdio, stage));
    await Promise.all(all).finally(() => closeSync(full));
  },
};

async function serveWith(what: string, stdio: StdioOptions, stage: Stage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-abuse-'));
  const port = await freePort();
  const settings = { BIND_ADDR: `127.0.0.1:${port}`, LOG_LEVEL: 'debug', LOG_FORMAT: 'json' };
  const child = start({ main: stage.main, folder, settings, stdio });
  try {
    await ask(what, port, stage);
    await stop(what, child, stage);
  } finally {
    child.kill('SIGKILL');
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(what: string, port: number, { budget, findings }: Stage): Promise<void> {
  const connection = new Connection(() => ({ host: '127.0.0.1', port }), TOKENS.honest);
  const isReady = await soon(
    () =>
      connection.get('/health').then(
        ({ status }) => status === 200,
        () => false,
      ),
    STARTS_WITHIN_MS,
  );
  if (!isReady) throw new Error(`with ${what} the server does not start`);
  const wrong: string[] = [];
  for (let count = 0; count < REQUESTS[budget] && wrong.length === 0; count += 1) {
    const path = count % 2 === 0 ? '/locks/logged' : '/none';
    const answer = await connection.call('GET', path, '', SOON_MS).catch(String);
    const isRight = typeof answer !== 'string' && answer.status === (count % 2 === 0 ? 200 : 404);
    if (!isRight || answer.body['error'] === '')
      wrong.push(`${count}: ${JSON.stringify(answer).slice(0, 200)}`);
  }
  connection.cut();
  findings.expect(wrong.length === 0, `with ${what} answers go wrong: ${wrong[0]}`);
}

async function stop(what: string, child: ChildProcess, { findings }: Stage): Promise<void> {
  child.kill('SIGTERM');
  const code = await ended(child);
  findings.expect(code === 0, `with ${what} SIGTERM ends in ${code ?? child.signalCode}`);
}
