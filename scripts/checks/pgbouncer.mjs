import { root } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;

/** Runs the contract of the journal, and servers, through PgBouncer in transaction mode. */
export const pgbouncer = {
  name: 'pgbouncer',
  what: 'The contract of the journal, and two servers, through PgBouncer in transaction mode',
  version,
  run: async () => {
    version(); // The specs are skipped if it is not installed.
    run('npx', ['vitest', 'run', 'test/pgbouncer/'], { cwd: root, withinMs: HOUR });
  },
};

/** Throws if it is not installed. Debian keeps it where only root looks. */
function version() {
  const env = { PATH: `${process.env.PATH}:/usr/sbin` };
  const [, number] = /PgBouncer ([\d.]+)/.exec(run('pgbouncer', ['--version'], { env })) ?? [];
  return number;
}
