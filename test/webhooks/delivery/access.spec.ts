import { OPERATOR_ORIGIN } from '../../../src/audit/origin.js';
import { expect, test } from 'vitest';
import { policyOf } from '../../support/access.js';
import { status, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, WebhookRig } from '../webhook-rig.js';

/** A policy that lets Ann observe these locks. */
function annMay(...locks: readonly string[]): ReturnType<typeof policyOf> {
  return policyOf(`grants: [{ to: ["static:${ANN.userId}"], may: [observe], on: [${locks.join()}] }]`);
}

test('a retry of an event that its owner may no longer see is not sent, and does not hold up later ones', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(503);
  const rig = await WebhookRig.open();
  rig.access.enforce(annMay('hidden', 'open'), 0);
  const { id } = await rig.create(receiver.url());
  await rig.events(1, 'hidden');
  await rig.events(1, 'open');
  await rig.until(async () => (await rig.rows(id))[0]?.failures === 1);
  expect(await rig.rows(id)).toHaveLength(2);
  rig.access.enforce(annMay('open'), 0);
  receiver.answer = succeed;
  rig.base.clock.advance(5_000);
  const rows = await rig.untilStates(id, 'delivered');
  expect(rows.map(({ payload }) => (JSON.parse(payload) as { lock: string }).lock)).toEqual(['open']);
  expect(receiver.sequences).toEqual([1, 2]);
});

test('an event is judged when it happens, and again when it is sent', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(503);
  const rig = await WebhookRig.open();
  const { id } = await rig.create(receiver.url());
  await rig.events(1, 'open');
  await rig.until(async () => (await rig.rows(id))[0]?.failures === 1);
  rig.access.enforce(annMay('later'), 0);
  await rig.events(1, 'hidden');
  await rig.events(1, 'later');
  await rig.until(async () => (await rig.rows(id)).length === 2);
  rig.access.enforce(annMay('open', 'hidden', 'later'), 0);
  receiver.answer = succeed;
  rig.base.clock.advance(5_000);
  await rig.untilStates(id, 'delivered', 'delivered');
  expect(receiver.sequences).toEqual([1, 1, 3]);
});

test('a webhook of a token with scopes gets what they include', async () => {
  const receiver = await WebhookReceiver.start();
  const rig = await WebhookRig.open();
  const { id } = await rig.create(receiver.url(), {}, rig.owners.narrowed(ANN, 'open-*', 'later'));
  await rig.events(1, 'hidden-1');
  await rig.events(1, 'open-1');
  await rig.untilStates(id, 'delivered');
  rig.access.enforce(annMay('hidden-*', 'open-*'), 0);
  await rig.events(1, 'later');
  await rig.events(1, 'hidden-2');
  await rig.events(1, 'open-2');
  await rig.untilStates(id, 'delivered', 'delivered');
  expect(receiver.sequences).toEqual([2, 5]);
});

test('a retry is not sent once the token with scopes that made the webhook has expired', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(503);
  const rig = await WebhookRig.open();
  const narrow = rig.owners.narrowed(ANN, 'open');
  const { id } = await rig.create(receiver.url(), {}, narrow);
  await rig.events(1, 'open');
  await rig.until(async () => (await rig.rows(id))[0]?.failures === 1);
  receiver.answer = succeed;
  rig.owners.expire(narrow);
  rig.base.clock.advance(5_000);
  await rig.until(async () => (await rig.rows(id)).length === 0);
  expect(receiver.sequences).toEqual([1]);
});

test('a webhook is suspended for good when the token with scopes that made it ends, and those of other tokens are not', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(503);
  const rig = await WebhookRig.open();
  const narrow = rig.owners.narrowed(ANN, 'open');
  const { id } = await rig.create(receiver.url(), {}, narrow);
  const other = await rig.create(receiver.url());
  await rig.events(1, 'open');
  await rig.until(async () => (await rig.rows(id))[0]?.failures === 1);
  rig.owners.end(narrow);
  await rig.untilStates(id, 'dead');
  rig.owners.signIn(ANN);
  await rig.parts.administration.resume(id, OPERATOR_ORIGIN);
  const listed = (await rig.parts.webhooks.list(ANN)).map((webhook) => [webhook.id, webhook.suspended_by]);
  expect(Object.fromEntries(listed)).toEqual({ [id]: 'no_valid_token', [other.id]: null });
});
