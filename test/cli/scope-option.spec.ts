import { Command } from 'commander';
import { expect, test } from 'vitest';
import { scopeOption, scopeText } from '../../src/cli/shared/scope.js';

function parse(...texts: readonly string[]): unknown {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  command.addOption(scopeOption()).parse(
    texts.flatMap((text) => ['--scope', text]),
    { from: 'user' },
  );
  return command.opts()['scope'];
}

test('scopes with the same actions become one grant', () => {
  expect(
    parse('acquire:billing/*', 'observe,break:gpu', 'acquire:shared/**/x', 'break,observe:tpu?'),
  ).toEqual([
    { may: ['acquire'], on: ['billing/*', 'shared/**/x'] },
    { may: ['break', 'observe'], on: ['gpu', 'tpu?'] },
  ]);
  expect(parse()).toBeUndefined();
});

test.each([
  ['billing/*', 'It must be ACTION:PATTERN'],
  ['fly:billing/*', '"fly" is not an action. Use observe, acquire, break, administer.'],
  [':billing/*', '"" is not an action.'],
])('%s is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('scopes are shown as they are typed', () => {
  expect(scopeText([{ may: ['acquire', 'break'], on: ['a', 'b/*'] }])).toBe(
    'acquire,break:a acquire,break:b/*',
  );
  expect(scopeText(null)).toBeNull();
});
