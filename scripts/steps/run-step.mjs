import { spawn } from 'node:child_process';
import { root } from '../checks/paths.mjs';

/** Programs print colours only if they are told to: their output goes through a pipe. */
const COLOURS = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};

/**
 * Runs a step to its end and collects what it prints. Never rejects.
 *
 * @returns The step with `passed`, `seconds` and `output`.
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
