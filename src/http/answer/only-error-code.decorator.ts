import { ApiProperty } from '@nestjs/swagger';
import type { ErrorCode } from '../../errors/error-table.js';

/** The code of an error whose code is always the same. The document then permits no other one. */
export function OnlyErrorCode(code: ErrorCode): PropertyDecorator {
  return ApiProperty({
    description: 'A stable code for programs.',
    enum: [code],
    // Otherwise the property would keep the name, and so the schema, of the codes of all errors.
    enumName: '',
    example: code,
  });
}
