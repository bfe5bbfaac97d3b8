import { spawn } from 'node:child_process';
import { root } from '../checks/paths.mjs';

/** The output goes through a pipe, so programs print colors only if this asks for them. */
const COLOURS = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};

/**
 * Runs a step and collects its output. Never rejects.
 *
 * @returns the step, with `passed`, `seconds` and `output`.
 */
export async function runStep(step) {
  const begun = performance.now();
  const { passed, output } = await runCommand(step);
  return { ...step, passed, output, seconds: (performance.now() - begun) / 1000 };
}

function runCommand({ command: [program, ...args], env = {} }) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...COLOURS, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ passed: false, output: error.message }));
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}
