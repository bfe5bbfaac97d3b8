import { ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { documentedHeaders } from './documented-headers.js';
import { errorExample } from './error-example.js';
import { ErrorBody } from './error-body.dto.js';

/** Under which a handler keeps the codes documented so far. */
const CODES = Symbol('documented error codes');

/**
 * Documents the errors that a route may answer with, by their codes. Status and sentence come from the one table. Codes of a
 * class hold for each of its routes, beside the route's own.
 */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  return (target: object, property?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (property !== undefined && descriptor !== undefined) {
      documentErrors(target, property, descriptor, withKind(codes));
      return;
    }
    // A route's answer with some status would hide its class's answers with that status. So they are all the route's.
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== 'constructor') documentErrors(prototype, name, method, codes);
    }
  };
}

/** Where there is a body there is one more way in which it can be wrong. */
function withKind(codes: readonly ErrorCode[]): readonly ErrorCode[] {
  return codes.includes('body_too_large') ? [...codes, 'unsupported_encoding'] : codes;
}

function documentErrors(
  target: object,
  property: string | symbol,
  descriptor: PropertyDescriptor,
  codes: readonly ErrorCode[],
): void {
  const handler: unknown = descriptor.value;
  if (typeof handler !== 'function') return;
  const known = (Reflect.getMetadata(CODES, handler) ?? []) as ErrorCode[];
  const added = codes.filter((code) => !known.includes(code));
  Reflect.defineMetadata(CODES, [...known, ...added], handler);
  for (const status of new Set(added.map((code) => ERRORS[code].status))) {
    const alternatives = added.filter((code) => ERRORS[code].status === status);
    // For a status that is documented already, this is appended.
    ApiResponse({
      status,
      type: ErrorBody,
      ...documentedHeaders(status),
      description: alternatives.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
      examples: Object.fromEntries(alternatives.map((code) => [code, errorExample(code)])),
    })(target, property, descriptor);
  }
}
