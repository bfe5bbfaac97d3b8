import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import type { AuditOptions, VerifyOptions } from './audit-options.js';
import { withConfigOptions } from './config-options.js';

/** `octostore audit ...`. */
export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('read who did what, and check that no one has changed it');
  addExport(audit);
  addVerify(audit);
}

function addExport(audit: Command): void {
  const exported = withSource(audit.command('export'))
    .description('print the records, one line of JSON for each, oldest first')
    .option('--after <number>', 'only records after this number')
    .action(async (options: AuditOptions & { after?: string }) =>
      (await import('./audit.js')).exportAudit(options),
    );
  withHelp(exported, {
    examples: ['octostore audit export > audit.ndjson', 'octostore audit export --after 1200'],
  });
}

function addVerify(audit: Command): void {
  const verify = withSource(audit.command('verify'))
    .description('find the first record that was changed, removed, added or reordered')
    .option('--from <file>', 'a file that "octostore audit export" has written; - for standard input')
    .option('--head <head>', 'a head from the log of the server, NUMBER:HASH or NUMBER:HASH:SIGNATURE')
    .option('--json', 'print JSON, for programs')
    .action(async (options: VerifyOptions) => (await import('./audit.js')).verifyAudit(options));
  withHelp(verify, {
    examples: ['octostore audit verify', 'octostore audit verify --from audit.ndjson --head "$HEAD"'],
    exits: { 73: 'a record is not what the server wrote' },
  });
}

function withSource(command: Command): Command {
  return withConfigOptions(command).option(
    '--url <url>',
    'a server, instead of the database on this machine. OCTOSTORE_ADMIN_KEY has its key',
  );
}
