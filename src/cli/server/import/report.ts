import { counted, type Plan } from './plan-import.js';

interface Route {
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
}

/** What an import kept, what it left out and why, and what to do next. */
export function reportOf(
  { users, tokens, webhooks, floor, left }: Plan,
  { from, to, dryRun }: Route,
): string {
  const kept = [
    counted(users.length, 'user'),
    counted(tokens.length, 'token'),
    counted(webhooks.length, 'webhook'),
  ].join(', ');
  return [
    dryRun
      ? `This would be imported from ${from} into ${to}: ${kept}.`
      : `Imported from ${from} into ${to}: ${kept}.`,
    `Fencing tokens ${dryRun ? 'would ' : ''}continue above ${floor}.`,
    ...(left.length === 0
      ? ['Nothing is left out.']
      : ['Left out:', ...left.map((sentence) => `  ${sentence}`)]),
    dryRun
      ? 'Nothing was changed. Stop the upstream server, then repeat the command without --dry-run.'
      : 'Start this server, and never the upstream one again: both would grant the same locks.',
    '',
  ].join('\n');
}
