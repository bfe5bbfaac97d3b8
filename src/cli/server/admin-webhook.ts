import type { Config } from '../../config/config.js';
import { printable, toJson } from '../shared/output.js';
import { findInstallation } from './installation/find-installation.js';
import { ServerUnreachableError } from './remote-server.js';
import { RemoteWebhooks, type WebhookFacts } from './remote-webhooks.js';

interface Output {
  /** Print one JSON document instead of text. */
  readonly json?: boolean;
}

/** `octostore admin webhook list` */
export async function listWebhooks(
  config: Config,
  { user, json = false }: Output & { readonly user?: string },
): Promise<void> {
  const webhooks = await (await remoteWebhooks(config)).list(user);
  if (json) return write(toJson({ webhooks }));
  write(webhooks.length === 0 ? 'There are no webhooks.' : webhooks.map(lineOf).join('\n'));
}

/** `octostore admin webhook suspend ID` and `resume ID` */
export async function changeWebhook(
  config: Config,
  id: string,
  verb: 'suspend' | 'resume',
  { json = false }: Output,
): Promise<void> {
  const changed = await (await remoteWebhooks(config)).change(id, verb);
  write(json ? toJson(changed) : lineOf(changed));
}

/** `octostore admin webhook delete ID` */
export async function deleteWebhook(config: Config, id: string): Promise<void> {
  await (await remoteWebhooks(config)).remove(id);
  write(`Deleted ${id}.`);
}

/** The webhooks of the running server. Throws `ServerUnreachableError` if none is running. */
async function remoteWebhooks(config: Config): Promise<RemoteWebhooks> {
  const installation = await findInstallation(config);
  const control = await installation.findServer();
  if (control === null) {
    const sentence = `No server is running on ${installation.location.name}. Start it first, because only a running server calls webhooks.`;
    throw new ServerUnreachableError({}, sentence);
  }
  return new RemoteWebhooks(control);
}

function lineOf(facts: WebhookFacts): string {
  const { id, user, status, suspended_by, disabled_reason, deliveries_pending, url } = facts;
  const reason = disabled_reason ?? suspended_by;
  const state = reason === null ? status : `${status} (${reason})`;
  return printable([id, user, state, `${deliveries_pending} waiting`, url].join('  '));
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
