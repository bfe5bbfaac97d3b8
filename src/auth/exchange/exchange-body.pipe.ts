import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { validated } from '../../http/input/dto.pipe.js';
import { parseJson } from '../../http/input/request-body.js';
import { EXCHANGE_PARAMETERS } from './exchange.dto.js';

/** A form begins with a name. JSON never does. */
const FORM = /^\w+=/;

/**
 * Reads the parameters of an exchange. Clients of RFC 8693 send a form, which that requires. Everyone else sends JSON, as everywhere. As on
 * other routes, the body itself says which it is.
 */
export class ExchangeBodyPipe implements PipeTransform {
  transform(body: Buffer, { metatype }: ArgumentMetadata): unknown {
    if (metatype === undefined) throw new TypeError('the parameter has no DTO class as its type');
    const text = body.toString('latin1');
    return validated(metatype, FORM.test(text) ? parametersIn(text) : parseJson(body));
  }
}

/** RFC 6749 says that an empty parameter counts as left out, an unknown one is ignored, and a repeated one is an error. */
function parametersIn(text: string): Record<string, string> {
  const form = new URLSearchParams(text);
  const parameters: Record<string, string> = {};
  for (const name of EXCHANGE_PARAMETERS) {
    const [value, ...others] = form.getAll(name);
    if (others.length > 0)
      throw new OctoStoreError('validation_failed', { details: `${name} must not be repeated.` });
    if (value !== undefined && value !== '') parameters[name] = value;
  }
  return parameters;
}
