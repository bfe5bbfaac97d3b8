import { Logger } from '@nestjs/common';
import { StaticTokens } from '../../../auth/tokens/static-tokens.js';
import { SystemClock } from '../../../clock/system-clock.js';
import type { Config } from '../../../config/config.js';
import { locateDatabase } from '../../../installation/database-location.js';
import { watermarksOf } from '../../../journal/batch.js';
import { assertNotMarked } from '../../../journal/copy/assert-not-marked.js';
import { assertEmpty } from '../../../journal/copy/move-journal.js';
import type { Journal } from '../../../journal/journal.js';
import { RowChanges } from '../../../journal/row-changes.js';
import type { ServerRow } from '../../../journal/rows/server-row.js';
import { openSecretBox } from '../../../secrets/open-secret-box.js';
import type { SecretBox } from '../../../secrets/secret-box.js';
import { ReachableNetworks } from '../../../webhooks/transport/reachable-networks.js';
import { sealSecret } from '../../../webhooks/transport/webhook-sender.js';
import { parseWebhookUrl } from '../../../webhooks/transport/webhook-url.js';
import { recordAct } from '../record-act.js';
import { withLead } from '../with-lead.js';
import { planImport, type Plan } from './plan-import.js';
import { reportOf } from './report.js';
import { readUpstream } from './upstream.js';

export interface ImportOptions {
  readonly fromUpstream: string;
  /** Say what would be imported, and import nothing. */
  readonly dryRun?: boolean;
}

/**
 * `octostore import --from-upstream FILE`: all in one commit, into a database that has not been used. So it cannot be done twice, or
 * by half.
 */
export async function importUpstream(config: Config, options: ImportOptions): Promise<void> {
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const { fromUpstream: path, dryRun = false } = options;
  const reachable = new ReachableNetworks(config.WEBHOOK_ALLOW_PRIVATE_NETWORKS);
  const plan = planImport(await readUpstream(path), {
    staticTokens: StaticTokens.fromConfig(config),
    problemWithUrl: (url) => {
      const parsed = parseWebhookUrl(url, reachable);
      return parsed.ok ? null : parsed.problem;
    },
  });
  const location = await locateDatabase(config.DATABASE_URL, config.DATABASE_PASSWORD_FILE);
  if (!dryRun) {
    const clock = new SystemClock();
    await withLead(location, clock, async (journal, server) => {
      assertNotMarked(server);
      await assertEmpty(journal, server);
      await write(journal, server, { plan, box: await openSecretBox(config, location), path });
    });
  }
  process.stdout.write(reportOf(plan, { from: path, to: location.name, dryRun }));
}

async function write(
  journal: Journal,
  server: ServerRow,
  { plan, box, path }: { readonly plan: Plan; readonly box: SecretBox; readonly path: string },
): Promise<void> {
  const rows = rowsOf(plan, box);
  const details = {
    from: path,
    users: plan.users.length,
    tokens: plan.tokens.length,
    webhooks: plan.webhooks.length,
    fencing_floor: plan.floor,
  };
  await recordAct(rows, { journal, restoredAt: server.restoredAt }, { action: 'database.import', details });
  const watermarks = { ...watermarksOf(server), lastFencingToken: plan.floor };
  await journal.commit({ epoch: server.epoch, watermarks, rows });
}

function rowsOf({ users, tokens, webhooks }: Plan, box: SecretBox): RowChanges {
  const rows = new RowChanges();
  for (const user of users) rows.put('users', user);
  for (const token of tokens) rows.put('tokens', token);
  for (const { row, secret } of webhooks) {
    rows.put('webhooks', { ...row, sealedSecret: secret === null ? null : sealSecret(secret, box) });
  }
  return rows;
}
