import type { ServiceAccountFacts } from '../../auth/services/service-account-facts.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Output, table } from '../shared/output.js';
import { RemoteServices } from './remote-services.js';
import { withRunningServer } from './running-server.js';
import type { ServerOptions } from './server-options.js';

/** `octostore service create NAME --owner USER` */
export async function createService(
  name: string,
  { owner: owners }: { readonly owner: readonly string[] },
  options: ServerOptions,
): Promise<void> {
  await atServer(options, async (services, output) => {
    const made = await services.create(name, owners);
    output.show(made, () => `Created ${made.user}. Its owners: ${ownersOf(made)}.`);
  });
}

/** `octostore service list` */
export async function listServices(options: ServerOptions): Promise<void> {
  await atServer(options, async (services, output) => {
    const all = await services.list();
    output.show({ service_accounts: all }, () =>
      all.length === 0 ? 'There are no service accounts.' : tableOf(all),
    );
  });
}

/** `octostore service owners NAME --owner USER` */
export async function changeOwners(
  name: string,
  { owner: owners }: { readonly owner: readonly string[] },
  options: ServerOptions,
): Promise<void> {
  await atServer(options, async (services, output) => {
    const changed = await services.changeOwners(checked(name), owners);
    output.show(changed, () => `The owners of ${changed.user} are now: ${ownersOf(changed)}.`);
  });
}

/** `octostore service delete NAME` */
export async function deleteService(name: string, options: ServerOptions): Promise<void> {
  await atServer(options, async (services, output) => {
    await services.remove(checked(name));
    output.show({ status: 'deleted', name }, () => `Deleted service:${name}.`);
  });
}

async function atServer(
  options: ServerOptions,
  use: (services: RemoteServices, output: Output) => Promise<void>,
): Promise<void> {
  const output = new Output(options);
  await withRunningServer(options, (control) => use(new RemoteServices(control), output));
}

/** Throws for texts that would change the path, such as `..`. */
function checked(name: string): string {
  if (/^\.*$/.test(name)) throw new OctoStoreError('service_account_not_found');
  return name;
}

function tableOf(all: readonly ServiceAccountFacts[]): string {
  return table(
    ['account', 'created', 'owners', ''],
    all.map((service) => [
      service.user,
      service.created_at,
      ownersOf(service),
      service.has_active_owner ? '' : 'no owner has a valid token',
    ]),
  );
}

function ownersOf({ owners }: ServiceAccountFacts): string {
  return owners.length === 0 ? '-' : owners.map(({ user }) => user).join(', ');
}
