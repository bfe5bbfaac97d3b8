import { spawnSync } from 'node:child_process';

/** Runs a command to its end and returns what it printed. Throws with all of that when it fails. */
export function run(command, args, { cwd, env = {}, withinMs = 600_000 } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: withinMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  if (result.status === 0) return output;
  const why = result.error?.message ?? `it ended with ${result.status ?? result.signal}`;
  throw new Error(`${command} ${args.join(' ')}: ${why}\n${shortened(output)}`);
}

/** Tools print whole requests, which may have tens of thousands of characters. */
function shortened(output) {
  return output.replace(/^(.{500}).+$/gm, '$1…').slice(-20_000);
}
