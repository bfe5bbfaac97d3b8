import { ApiProperty } from '@nestjs/swagger';
import { TextField } from './fields.js';
import { TEXT_CURSOR_BYTES_MAX } from './text-cursor.js';

/** Of a request for a page: where it begins. Left out for the first page. */
export function CursorField(maxBytes = TEXT_CURSOR_BYTES_MAX): PropertyDecorator {
  return TextField(
    { minLength: 1, maxBytes },
    { description: 'The `next_cursor` of the previous page.', optional: true },
  );
}

/** Of a page: where the next one begins. */
export function ApiNextCursor(): PropertyDecorator {
  return ApiProperty({
    description: 'Send this as `cursor` to get the next page. Null on the last page.',
    type: 'string',
    nullable: true,
    example: null,
  });
}
