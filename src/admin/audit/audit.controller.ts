import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { linesAfter, linesBefore } from '../../audit/read-records.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidQuery } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { LockStore } from '../../store/lock-store.js';
import { AUDIT_PAGE, AuditQuery } from './audit.dto.js';

@ApiTags('System')
@AdminOnly()
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly store: LockStore) {}

  /**
   * Read the audit
   *
   * @remarks Who did what: one record in each line, oldest first, in canonical JSON (RFC 8785). Each record has the hash of the one before
   * it as `previous`, and its own as `hash`, which is the SHA-256 of the line without it. A page may have fewer records than you asked for.
   * An empty one is the end. `octostore audit verify` checks the chain.
   */
  @Get()
  @Upkeep()
  @Header('Content-Type', 'application/x-ndjson; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({
    description: 'A page of records',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  @ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
  async readAudit(@ValidQuery() { after, before, limit }: AuditQuery): Promise<string> {
    await this.store.settled();
    const { journal } = this.store;
    const most = limit ?? AUDIT_PAGE.default;
    const lines = await (before === undefined
      ? linesAfter(journal, after ?? 0, most)
      : linesBefore(journal, before, most));
    return lines.map((line) => `${line}\n`).join('');
  }
}
