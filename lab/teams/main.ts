import { runTeam } from './run-team.js';

const NOT_INSTALLED = `PostgreSQL is not installed on this machine. On Debian and Ubuntu:

  apt-get install postgresql
`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));

if (!(await runTeam(stop.signal))) {
  console.error(NOT_INSTALLED);
  process.exitCode = 1;
}
