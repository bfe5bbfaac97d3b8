import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../errors/error-table.js';
import { ErrorBody } from './error-body.dto.js';

/** Documents the errors that a route may answer with, by their codes. Status and sentence come from the one table. */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ...[...byStatus].map(([status, alternatives]) =>
      ApiResponse({
        status,
        type: ErrorBody,
        description: alternatives.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
      }),
    ),
  );
}
