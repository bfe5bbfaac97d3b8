import { Logger } from '@nestjs/common';
import { Accounts } from '../../auth/accounts.js';
import { standardOutput } from '../../logging/output/standard-output.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import type { Term } from '../../term.js';
import { readFirstToken, removeFirstToken, writeFirstToken } from './first-token-file.js';
import { firstStartBanner } from './first-start-banner.js';

interface Where {
  readonly url: string;
  /** Null if there is no place for a file. */
  readonly place: SqliteLocation | null;
  /** Whether people read standard output. A log collector must never see a token. */
  readonly isTerminal: boolean;
}

const logger = new Logger('FirstToken');

/**
 * Shows the token of a first start on the terminal, or else writes it to a file that only the owner of the process can read.
 * The file is removed as soon as the token is used, or at the next start if the token is no longer valid.
 */
export async function showFirstToken(
  { accounts, firstStart }: Term,
  { url, place, isTerminal }: Where,
): Promise<void> {
  await firstStart.showToken(async (token) => {
    if (isTerminal || place === null) standardOutput.write(firstStartBanner(url, token));
    else await writeFile(place, token);
  });
  if (place !== null) await watchFileOf(accounts, place);
}

async function writeFile(place: SqliteLocation, token: string): Promise<void> {
  await writeFirstToken(place.firstToken, token);
  await giveToOwnerOfDatabase(place, place.firstToken);
}

async function watchFileOf(accounts: Accounts, { firstToken: path }: SqliteLocation): Promise<void> {
  await watchFile(accounts, path).catch((error: unknown) => {
    logger.warn({
      message: 'The file with the token of the first start cannot be read. Delete it if you have the token',
      file: path,
      error,
    });
  });
}

async function watchFile(accounts: Accounts, path: string): Promise<void> {
  const token = await readFirstToken(path);
  if (token === null) return;
  if (!accounts.onFirstUse(token, () => void remove(path))) return removeFirstToken(path);
  logger.log({
    message:
      'The first start created a user "local". Its token is in this file, which only the user of this process can read. ' +
      'The file is removed when the token is first used, so keep the token elsewhere',
    file: path,
  });
}

async function remove(path: string): Promise<void> {
  try {
    await removeFirstToken(path);
    logger.log({ message: 'The token of the first start is in use, so its file was removed', file: path });
  } catch (error) {
    logger.warn({
      message: 'The file with the token of the first start cannot be removed. Delete it yourself',
      file: path,
      error,
    });
  }
}
