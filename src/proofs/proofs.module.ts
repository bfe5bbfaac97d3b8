import { Module } from '@nestjs/common';
import { KeySetController } from './key-set.controller.js';
import { ProofKeysJob } from './keys/proof-keys.job.js';
import { LeaseProver } from './lease-prover.js';

/** Proofs of leases, which anyone can verify without asking the server. */
@Module({ controllers: [KeySetController], providers: [ProofKeysJob, LeaseProver], exports: [LeaseProver] })
export class ProofsModule {}
