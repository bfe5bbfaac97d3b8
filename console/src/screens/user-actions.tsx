import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { path } from '../format/curl';
import type { Action } from '../parts/action-dialog';
import type { Values } from '../parts/fields';
import { NewToken } from '../parts/new-token';
import { TOKEN_FIELDS, tokenLimits } from '../parts/token-fields';

/** For another user. An unknown login makes a new local user. */
export function createTokenFor(user: string, done: () => void): Action {
  return {
    title: user === '' ? 'Create a token for a user' : `Create a token for ${user}`,
    fields: [
      {
        name: 'user',
        label: 'User',
        isRequired: true,
        initial: user,
        hint: 'A login, or with its source, such as github:ada. For an unknown login, a local user is created.',
      },
      ...TOKEN_FIELDS,
    ],
    verb: 'Create the token',
    request: (values) => ({ method: 'POST', path: '/admin/tokens', body: tokenOf(values) }),
    run: async (values) => {
      const { token } = await ask(api.POST('/admin/tokens', { body: tokenOf(values) }));
      done();
      return { show: <NewToken token={token} /> };
    },
  };
}

export function revokeTokensOf(user: string, done: () => void): Action {
  return {
    title: `Revoke everything of ${user}`,
    explanation:
      'All tokens and browser sessions of the user end at once, with their event streams and waiting requests. Leases stay until they expire.',
    verb: 'Revoke all',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/admin/tokens?user=${user}` }),
    run: async () => {
      await ask(api.DELETE('/admin/tokens', { params: { query: { user } } }));
      done();
      return `Revoked all tokens of ${user}`;
    },
  };
}

export function createServiceAccount(done: () => void): Action {
  return {
    title: 'Create a service account',
    fields: [
      { name: 'name', label: 'Name', isRequired: true, hint: 'A policy calls it service: and this name.' },
      { name: 'owners', label: 'Owners', isRequired: true, hint: OWNERS_HINT },
    ],
    verb: 'Create',
    request: (values) => ({ method: 'POST', path: '/admin/service-accounts', body: accountOf(values) }),
    run: async (values) => {
      await ask(api.POST('/admin/service-accounts', { body: accountOf(values) }));
      done();
      return `Created service:${values['name'] ?? ''}`;
    },
  };
}

const OWNERS_HINT =
  'Users with commas in between, such as github:ada, github:hubot. They must have signed in before.';

export function changeOwners(name: string, owners: readonly string[], done: () => void): Action {
  return {
    title: `Owners of service:${name}`,
    fields: [
      { name: 'owners', label: 'Owners', isRequired: true, initial: owners.join(', '), hint: OWNERS_HINT },
    ],
    verb: 'Replace the owners',
    request: (values) => ({
      method: 'PUT',
      path: path`/admin/service-accounts/${name}/owners`,
      body: { owners: ownersOf(values) },
    }),
    run: async (values) => {
      const body = { owners: ownersOf(values) };
      await ask(api.PUT('/admin/service-accounts/{name}/owners', { params: { path: { name } }, body }));
      done();
      return `service:${name} has other owners`;
    },
  };
}

export function deleteServiceAccount(name: string, done: () => void): Action {
  return {
    title: `Delete service:${name}`,
    explanation: 'Its tokens end at once.',
    verb: 'Delete',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/admin/service-accounts/${name}` }),
    run: async () => {
      await ask(api.DELETE('/admin/service-accounts/{name}', { params: { path: { name } } }));
      done();
      return `Deleted service:${name}`;
    },
  };
}

function tokenOf(values: Values): Schemas['CreateTokenRequest'] {
  return { user: values['user'] ?? '', label: values['label'] ?? '', ...tokenLimits(values) };
}

function accountOf(values: Values): { name: string; owners: string[] } {
  return { name: values['name'] ?? '', owners: ownersOf(values) };
}

function ownersOf({ owners = '' }: Values): string[] {
  return owners
    .split(',')
    .map((owner) => owner.trim())
    .filter((owner) => owner !== '');
}
