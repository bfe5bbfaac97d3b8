import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseLockName, type LockName } from '../core/lock-name.js';
import { OctoStoreError } from '../errors/octostore-error.js';

/**
 * Reads the lock name of a route. A name with slashes may come raw, as several path components, or percent-encoded, as one;
 * both give the same lock.
 */
@Injectable()
export class LockNamePipe implements PipeTransform<string | string[], LockName> {
  transform(value: string | string[]): LockName {
    const parsed = parseLockName(typeof value === 'string' ? value : value.join('/'));
    if (!parsed.ok) throw new OctoStoreError('validation_failed', { details: parsed.problem });
    return parsed.name;
  }
}
