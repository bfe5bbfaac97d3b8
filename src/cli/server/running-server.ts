import { runConfigured } from './config-options.js';
import type { Control } from './installation/control.js';
import { findInstallation } from './installation/find-installation.js';
import { UsageError } from './installation/usage-error.js';
import { ServerUnreachableError } from './remote-server.js';
import type { ServerOptions } from './server-options.js';

/**
 * Finds the running server that the options or the configuration name. Throws `UsageError`, and `ServerUnreachableError` if none is
 * running.
 */
export async function withRunningServer(
  options: ServerOptions,
  use: (control: Control) => Promise<void>,
): Promise<void> {
  if (options.url !== undefined) return use(elsewhere(options.url));
  await runConfigured(options, async (config) => {
    const installation = await findInstallation(config);
    const control = await installation.findServer();
    if (control === null) {
      const sentence = `No server is running on ${installation.location.name}. Start it first, or name another one with --url.`;
      throw new ServerUnreachableError({}, sentence);
    }
    await use(control);
  });
}

function elsewhere(url: string): Control {
  const key = process.env['OCTOSTORE_ADMIN_KEY'] ?? '';
  if (key === '') {
    throw new UsageError('Set OCTOSTORE_ADMIN_KEY to the admin key, or to the token of an administrator.');
  }
  const base = url.replace(/\/+$/, '');
  const ifUnreachable = `${base} cannot be reached, or does not accept OCTOSTORE_ADMIN_KEY. Check both.`;
  return { url: base, key, isOnThisMachine: false, isBearer: true, ifUnreachable };
}
