import { describe, expect, test } from 'vitest';
import { deliveryIdOf } from '../../../src/webhooks/delivery/delivery.js';

describe('the id of a delivery', () => {
  test('is a UUID that depends on the webhook and the event', () => {
    const id = deliveryIdOf('webhook', 7);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deliveryIdOf('webhook', 7)).toBe(id);
    expect(new Set([id, deliveryIdOf('webhook', 8), deliveryIdOf('other', 7)]).size).toBe(3);
  });
});
