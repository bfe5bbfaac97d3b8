import { Logger } from '@nestjs/common';
import { Accounts } from '../../auth/accounts.js';
import { standardOutput } from '../../logging/output/standard-output.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import type { Term } from '../../term.js';
import { readFirstToken, removeFirstToken, writeFirstToken } from './first-token-file.js';
import { newcomerBanner } from './newcomer-banner.js';

interface Place {
  readonly url: string;
  readonly location: DatabaseLocation;
  /** Whether standard output is read by people. What a log collector reads must hold no token. */
  readonly isTerminal: boolean;
}

const logger = new Logger('FirstToken');

/**
 * Tells the token of a first start: on a terminal, or else in a file for the owner of the process only. Such a file goes as soon as
 * its token has been used, also at a later start, or at the next start if the token is no longer valid.
 */
export async function tellFirstToken({ accounts, firstStart }: Term, place: Place): Promise<void> {
  const { url, location, isTerminal } = place;
  const path = location.firstToken;
  await firstStart.showToken(async (token) => {
    if (isTerminal) standardOutput.write(newcomerBanner(url, token));
    else await writeFirstToken(path, token).then(() => giveToOwnerOfDatabase(location, path));
  });
  await watchFile(accounts, path).catch((error: unknown) => {
    logger.warn({ message: 'The file for the token of the first start cannot be read', file: path, error });
  });
}

async function watchFile(accounts: Accounts, path: string): Promise<void> {
  const token = await readFirstToken(path);
  if (token === null) return;
  if (!accounts.onFirstUse(token, () => void remove(path))) return removeFirstToken(path);
  logger.log({
    message:
      'The first start made a user "local". Its token is in this file, which only the user that the server runs as can read. ' +
      'The file is removed when the token is used for the first time, so keep the token elsewhere',
    file: path,
  });
}

async function remove(path: string): Promise<void> {
  try {
    await removeFirstToken(path);
    logger.log({ message: 'The token of the first start is in use, so its file was removed', file: path });
  } catch (error) {
    logger.warn({
      message: 'The file with the token of the first start cannot be removed',
      file: path,
      error,
    });
  }
}
