import { api, ask } from '../api/client';
import { path } from '../format/curl';
import { codeWords } from '../format/words';
import type { Action } from '../parts/action-dialog';
import type { Values } from '../parts/fields';
import type { Schemas } from '../api/schemas';

const EVENT_TYPES = ['acquired', 'released', 'renewed', 'expired', 'broken', 'release_requested'] as const;

type WebhookBody = Schemas['CreateWebhookRequest'];

function bodyOf({ url = '', events = '', pattern = '', secret = '', ordering = '' }: Values): WebhookBody {
  return {
    url,
    events: EVENT_TYPES.filter((type) => events.split(',').includes(type)),
    ...(pattern === '' ? {} : { lock_pattern: pattern }),
    ...(secret === '' ? {} : { secret }),
    ordering: ordering === 'none' ? 'none' : 'in_order',
  };
}

export function createWebhook(done: () => void): Action {
  return {
    title: 'Create a webhook',
    explanation: 'It receives every matching event from now on.',
    fields: [
      { name: 'url', label: 'URL', kind: 'url', isRequired: true, hint: 'It must begin with https.' },
      {
        name: 'events',
        label: 'Events',
        kind: 'choices',
        initial: 'acquired,released,expired,broken',
        options: EVENT_TYPES.map((value) => ({ value, label: codeWords(value) })),
      },
      { name: 'pattern', label: 'Locks', hint: 'A pattern such as deploy/*. All locks if left out.' },
      { name: 'secret', label: 'Secret', kind: 'secret', hint: 'Signs the events. It is never shown again.' },
      {
        name: 'ordering',
        label: 'If an event fails',
        kind: 'choice',
        isRequired: true,
        options: [
          { value: 'in_order', label: 'Later ones wait for it' },
          { value: 'none', label: 'Later ones are sent' },
        ],
      },
    ],
    verb: 'Create the webhook',
    request: (values) => ({
      method: 'POST',
      path: '/webhooks',
      body: { ...bodyOf(values), ...(values['secret'] ? { secret: '…' } : {}) },
    }),
    run: async (values) => {
      await ask(api.POST('/webhooks', { body: bodyOf(values) }));
      done();
      return 'Created the webhook';
    },
  };
}

export function testWebhook(id: string): Action {
  return {
    title: 'Send an example event',
    explanation: 'The server sends it at once, and says what the receiver answered.',
    verb: 'Send',
    request: () => ({ method: 'POST', path: path`/webhooks/${id}/test` }),
    run: async () => {
      const result = await ask(api.POST('/webhooks/{id}/test', { params: { path: { id } } }));
      const took = `after ${result.duration_ms} ms`;
      if (result.delivered) return `The receiver accepted it ${took}, with status ${result.status}`;
      return `It failed ${took}: ${codeWords(result.error ?? 'unknown')}${result.status === null ? '' : ` ${result.status}`}`;
    },
  };
}

export function deleteWebhook(id: string, isOwn: boolean, done: () => void): Action {
  return {
    title: 'Delete the webhook',
    explanation: 'Deliveries that are under way or wait are dropped.',
    verb: 'Delete',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: isOwn ? path`/webhooks/${id}` : path`/admin/webhooks/${id}` }),
    run: async () => {
      const params = { path: { id } };
      await (isOwn
        ? ask(api.DELETE('/webhooks/{id}', { params }))
        : ask(api.DELETE('/admin/webhooks/{id}', { params })));
      done();
      return 'Deleted the webhook';
    },
  };
}

export function suspendWebhook(id: string, done: () => void): Action {
  return {
    title: 'Suspend the webhook',
    explanation: 'The server does not call it until an administrator resumes it.',
    verb: 'Suspend',
    isDestructive: true,
    request: () => ({ method: 'POST', path: path`/admin/webhooks/${id}/suspend` }),
    run: async () => {
      await ask(api.POST('/admin/webhooks/{id}/suspend', { params: { path: { id } } }));
      done();
      return 'Suspended the webhook';
    },
  };
}

export function resumeWebhook(id: string, done: () => void): Action {
  return {
    title: 'Resume the webhook',
    verb: 'Resume',
    request: () => ({ method: 'POST', path: path`/admin/webhooks/${id}/resume` }),
    run: async () => {
      await ask(api.POST('/admin/webhooks/{id}/resume', { params: { path: { id } } }));
      done();
      return 'Resumed the webhook';
    },
  };
}

export function redeliver(id: string, deliveryId: string, done: () => void): Action {
  return {
    title: 'Send the event again',
    verb: 'Send again',
    request: () => ({ method: 'POST', path: path`/webhooks/${id}/deliveries/${deliveryId}/redeliver` }),
    run: async () => {
      const params = { path: { id, delivery_id: deliveryId } };
      await ask(api.POST('/webhooks/{id}/deliveries/{delivery_id}/redeliver', { params }));
      done();
      return 'The event will be sent again';
    },
  };
}

export function skipDelivery(id: string, deliveryId: string, done: () => void): Action {
  return {
    title: 'Skip the delivery',
    explanation: 'The event is not sent again. Those behind it go on.',
    verb: 'Skip',
    isDestructive: true,
    request: () => ({ method: 'POST', path: path`/webhooks/${id}/deliveries/${deliveryId}/skip` }),
    run: async () => {
      const params = { path: { id, delivery_id: deliveryId } };
      await ask(api.POST('/webhooks/{id}/deliveries/{delivery_id}/skip', { params }));
      done();
      return 'Skipped the delivery';
    },
  };
}
