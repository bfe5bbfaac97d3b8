import { ApiProperty } from '@nestjs/swagger';
import { ALGORITHM } from './keys/proof-key.js';

/** A public key, as a JSON Web Key. */
export class ProofVerificationKey {
  @ApiProperty({ enum: ['OKP'] })
  kty!: 'OKP';

  @ApiProperty({ enum: ['Ed25519'] })
  crv!: 'Ed25519';

  @ApiProperty({
    description: 'The key: 32 bytes, in base64url.',
    example: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  })
  x!: string;

  @ApiProperty({
    description: 'The id of the key, which is in the header of each proof that it has signed.',
    example: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  })
  kid!: string;

  @ApiProperty({ enum: [ALGORITHM] })
  alg!: typeof ALGORITHM;

  @ApiProperty({ enum: ['sig'] })
  use!: 'sig';
}

/** A JSON Web Key Set. */
export class ProofKeySet {
  @ApiProperty({
    description:
      'The key that signs, its successor if that will sign soon, and those that signed in the last 24 hours.',
    type: [ProofVerificationKey],
  })
  keys!: ProofVerificationKey[];
}
