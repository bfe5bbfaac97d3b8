import { spawnSync } from 'node:child_process';

/** Runs a command and returns its output. If it fails, throws an error with the output. */
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
  const reason = result.error?.message ?? `it exited with ${result.status ?? result.signal}`;
  throw new Error(`${command} ${args.join(' ')}: ${reason}\n${shortened(output)}`);
}

/** Shortens long lines, since tools print whole requests of tens of thousands of characters. */
function shortened(output) {
  return output.replace(/^(.{500}).+$/gm, '$1…').slice(-20_000);
}
