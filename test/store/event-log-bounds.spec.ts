import { describe, expect, test } from 'vitest';
import { EventLogBounds } from '../../src/store/log/event-log-bounds.js';

describe('the bounds of the event log', () => {
  test('keep as many events as the retention allows', () => {
    const bounds = new EventLogBounds(100, 0);
    expect(bounds.advance(50)).toBe(0);
    expect(bounds.advance(100)).toBe(0);
    expect(bounds.advance(101)).toBe(1);
    expect(bounds.advance(250)).toBe(150);
    expect(bounds.prunedThrough).toBe(150);
  });

  test('keep what the slowest reader has not read', () => {
    const bounds = new EventLogBounds(100, 0);
    let slow = 20;
    bounds.keepFor(() => 1_000);
    bounds.keepFor(() => slow);
    expect(bounds.advance(1_000)).toBe(20);
    slow = 30;
    expect(bounds.advance(1_000)).toBe(30);
    slow = 950;
    expect(bounds.advance(1_000)).toBe(900);
  });

  test('keep what a reader has not read that has not returned since the last start', () => {
    const bounds = new EventLogBounds(100, 0, [
      ['webhooks', 30],
      ['other', 40],
    ]);
    expect(bounds.advance(1_000)).toBe(30);
    bounds.keepFor(() => 700, 'webhooks');
    expect(bounds.advance(1_000)).toBe(40);
    bounds.keepFor(() => 800, 'other');
    expect(bounds.advance(1_000)).toBe(700);
  });

  test('never move back', () => {
    const bounds = new EventLogBounds(100, 500);
    expect(bounds.prunedThrough).toBe(500);
    expect(bounds.advance(550)).toBe(500);
    bounds.keepFor(() => 3);
    expect(bounds.advance(10_000)).toBe(500);
  });
});
