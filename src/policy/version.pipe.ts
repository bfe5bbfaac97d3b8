import type { PipeTransform } from '@nestjs/common';
import { OctoStoreError } from '../errors/octostore-error.js';

const NUMBER = /^[1-9]\d{0,14}$/;

/** Reads the number of a version. Throws `policy_version_not_found` if the text is none. */
export class VersionPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    if (!NUMBER.test(text)) throw new OctoStoreError('policy_version_not_found');
    return Number(text);
  }
}
