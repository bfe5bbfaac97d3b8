import { ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { httpMethodOf } from '../routes/framework-internals.js';
import { documentedHeaders } from './documented-headers.js';
import { errorExample } from './error-example.js';
import { ErrorBody } from './error-body.dto.js';

/** The metadata key for the codes that are documented on a handler so far. */
const CODES = Symbol('documented error codes');

/**
 * Documents the errors that a route may answer with, by their codes. Statuses and sentences come from the error table. Codes
 * on a class apply to all its routes, in addition to each route's own.
 */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  return (target: object, property?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (property !== undefined && descriptor !== undefined) {
      documentErrors(target, property, descriptor, withEncodingError(codes));
      return;
    }
    // Nest would let a route's answer hide the class's answers with the same status, so each route gets them all.
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== 'constructor') documentErrors(prototype, name, method, codes);
    }
  };
}

/** The same, but only for routes that change something: none of those for GET. */
export function ApiErrorsOfChanges(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const documentIfChange = (target: object, name: string | symbol, method: PropertyDescriptor): void => {
    if (isChange(method.value)) documentErrors(target, name, method, codes);
  };
  return (target: object, property?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (property !== undefined && descriptor !== undefined) {
      documentIfChange(target, property, descriptor);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      documentIfChange(prototype, name, method);
  };
}

function isChange(handler: unknown): boolean {
  return typeof handler === 'function' && !['GET', null].includes(httpMethodOf(handler));
}

/** If a route has a body, the body can also have an unsupported encoding. */
function withEncodingError(codes: readonly ErrorCode[]): readonly ErrorCode[] {
  return codes.includes('body_too_large') ? [...codes, 'unsupported_encoding'] : codes;
}

/** A route that can be overloaded is served by the server that leads, which others may be unable to reach. */
function withForwardingErrors(codes: readonly ErrorCode[]): readonly ErrorCode[] {
  return codes.includes('overloaded') ? [...codes, 'no_leader', 'outcome_unknown'] : codes;
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
  const added = withForwardingErrors(codes).filter((code) => !known.includes(code));
  Reflect.defineMetadata(CODES, [...known, ...added], handler);
  for (const status of new Set(added.map((code) => ERRORS[code].status))) {
    const alternatives = added.filter((code) => ERRORS[code].status === status);
    // If the status is already documented, Nest appends this.
    ApiResponse({
      status,
      type: ErrorBody,
      ...documentedHeaders(status),
      description: alternatives.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n'),
      examples: Object.fromEntries(alternatives.map((code) => [code, errorExample(code)])),
    })(target, property, descriptor);
  }
}
