import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { validatorOf } from './compiled-validator.js';
import { parseJson } from './request-body.js';

/**
 * Turns bodies and query strings into validated DTOs. It runs after the guards, so that nothing from unknown callers is
 * parsed. It refuses unknown fields, because a misspelt option that is silently ignored could lose a lock.
 */
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (metatype === undefined) throw new TypeError('the parameter has no DTO class as its type');
    return validated(
      metatype,
      type === 'query' ? withNumbers(metatype, value as object) : parseJson(value as Buffer),
    );
  }
}

/** The value, if it is an object that is valid as the DTO. Throws `validation_failed`. */
export function validated(metatype: NonNullable<ArgumentMetadata['metatype']>, value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OctoStoreError('validation_failed', { details: 'The request body must be a JSON object.' });
  }
  const problems = validatorOf(metatype)(value);
  if (problems.length > 0) {
    throw new OctoStoreError('validation_failed', { details: problems.slice(0, 10).join(' ') });
  }
  return value;
}

/** Converts the number fields of a query string, which contains only texts. Texts that are not whole numbers stay texts. */
function withNumbers(metatype: NonNullable<ArgumentMetadata['metatype']>, query: object): object {
  return Object.fromEntries(
    Object.entries(query).map(([name, text]: [string, unknown]) => {
      const declared: unknown = Reflect.getMetadata('design:type', metatype.prototype as object, name);
      const isNumber = declared === Number && typeof text === 'string' && /^-?\d{1,16}$/.test(text);
      return [name, isNumber ? Number(text) : text];
    }),
  );
}
