import { ChoiceField, UuidField } from '../../http/input/fields.js';
import { LEASE_ID } from '../dto/lease.dto.js';

export class ConvertLockRequest {
  @UuidField(LEASE_ID)
  lease_id!: string;

  @ChoiceField(['exclusive', 'shared'], {
    description: 'How you want to hold the lock from now on.',
    example: 'shared',
  })
  mode!: 'exclusive' | 'shared';
}
