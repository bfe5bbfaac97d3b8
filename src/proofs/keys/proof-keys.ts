import { Logger } from '@nestjs/common';
import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import type { Journal } from '../../journal/journal.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import { DurableMap } from '../../store/durable-map.js';
import type { LockStore } from '../../store/lock-store.js';
import { changesDue, isNewKeyDue, signerOf, type KeyChange } from './key-rotation.js';
import { canSign, keyFromRow, makeKey, type ProofKey, type SigningKey } from './proof-key.js';

const DAY_MS = 24 * 3_600_000;

interface Parts {
  readonly journal: Pick<Journal, 'load'>;
  readonly store: Pick<LockStore, 'write'>;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly config: Pick<Config, 'PROOF_KEY_DAYS'>;
}

/**
 * The keys that sign proofs, in memory. A key signs and is published only when it is durable, so no restart leaves proofs that
 * no one can verify.
 */
export class ProofKeys {
  readonly #logger = new Logger(ProofKeys.name);
  readonly #parts: Parts;
  readonly #keys = new DurableMap<string, ProofKey>({
    put: (rows, { row }) => rows.put('proof_keys', { ...row }),
    remove: (rows, { row }) => rows.remove('proof_keys', row.keyId),
  });
  #signer: SigningKey | null = null;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Loads the keys, and makes one if there is none that can sign. Throws `UnusableRowError`. */
  static async open(parts: Parts): Promise<ProofKeys> {
    const keys = new ProofKeys(parts);
    for (const row of await parts.journal.load('proof_keys'))
      keys.#load(await keyFromRow(row, parts.secrets));
    await keys.rotate();
    return keys;
  }

  /** The key that signs at the moment. */
  get signer(): SigningKey {
    if (this.#signer === null) throw new Error('no key can sign proofs');
    return this.#signer;
  }

  /** Every key that may have signed a proof that is still valid, or is about to sign. */
  get published(): Iterable<ProofKey> {
    return this.#keys.durable.values();
  }

  /** Replaces, retires and forgets keys where that is due. */
  async rotate(): Promise<void> {
    const nowMs = this.#parts.clock.wallMs();
    const made = await this.#madeIfDue(nowMs);
    const changes = [...made, ...changesDue(this.#keys.ahead.values(), nowMs)];
    if (changes.length > 0) await this.#make(changes);
    this.#signer = signerOf(this.#keys.durable.values(), nowMs);
    for (const change of changes) this.#log(change);
  }

  async #madeIfDue(nowMs: number): Promise<KeyChange[]> {
    const { secrets, config } = this.#parts;
    const periodMs = config.PROOF_KEY_DAYS * DAY_MS;
    if (!isNewKeyDue(this.#keys.ahead.values(), nowMs, periodMs)) return [];
    return [{ kind: 'put', key: await makeKey(secrets, nowMs) }];
  }

  async #make(changes: readonly KeyChange[]): Promise<void> {
    const rows = new RowChanges();
    for (const { kind, key } of changes) {
      if (kind === 'put') this.#keys.set(key.row.keyId, key, rows);
      else this.#keys.delete(key.row.keyId, rows);
    }
    await this.#parts.store.write(rows);
  }

  #load(key: ProofKey): void {
    const { keyId, retiredAt } = key.row;
    this.#keys.load(keyId, key);
    if (retiredAt !== null || canSign(key)) return;
    this.#logger.error({
      message:
        'The key that signs proofs cannot be opened, because SECRET_KEY or the key file has changed. A new key replaces it. ' +
        'Programs that verify proofs must load the key set again',
      keyId,
    });
  }

  #log({ kind, key }: KeyChange): void {
    const { keyId, retiredAt } = key.row;
    if (kind === 'forget') this.#logger.log({ message: 'A key for proofs is no longer published', keyId });
    else if (retiredAt === null) this.#logger.log({ message: 'A key for proofs was made', keyId });
    else this.#logger.log({ message: 'A key for proofs was retired and its private half erased', keyId });
  }
}
