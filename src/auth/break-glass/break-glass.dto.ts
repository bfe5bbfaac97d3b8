import { IntegerField, TextField } from '../../http/input/fields.js';
import { LABEL } from '../tokens/token-terms.js';
import { BREAK_GLASS_SECONDS } from './break-glass.js';

export class BreakGlassRequest {
  @IntegerField(BREAK_GLASS_SECONDS, {
    description: 'How long the token lasts, in seconds.',
    optional: true,
  })
  expires_in_seconds?: number | null;

  @TextField(LABEL, {
    description: 'Why it is needed. It becomes the label of the token.',
    example: 'GitHub is down',
    optional: true,
  })
  reason?: string | null;
}
