import type { PipeTransform } from '@nestjs/common';
import type { ErrorCode } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { isUuid } from './checks.js';

/** Reads an id from a route's path. A text that is not a UUID is answered like an unknown id. */
export class UuidPipe implements PipeTransform<string, string> {
  constructor(private readonly notFound: ErrorCode) {}

  transform(value: string): string {
    if (!isUuid(value)) throw new OctoStoreError(this.notFound);
    return value.toLowerCase();
  }
}
