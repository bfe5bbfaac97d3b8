import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy, type ValidationArguments } from 'class-validator';
import { parseLockName } from '../../core/model/lock-name.js';
import { integerWithin, isUuid, textWithin, type Bounds, type TextRule } from './checks.js';
import { validatorOf } from './compiled-validator.js';
import { LOCK_NAME_SCHEMA } from './lock-name.schema.js';

/**
 * Decorators for the fields of request DTOs. Each both validates and documents, from the same numbers, so that the API
 * document always matches the checks.
 */

interface FieldOptions {
  readonly description: string;
  readonly example?: string | number;
  /** An optional field may be left out or null. */
  readonly optional?: boolean;
}

/** A whole number within bounds, inclusive. */
export function IntegerField(bounds: Bounds, options: FieldOptions): PropertyDecorator {
  return field(options, {
    schema: { type: 'integer', minimum: bounds.min, maximum: bounds.max, default: bounds.default },
    isValid: integerWithin(bounds),
    rule: `must be an integer from ${bounds.min} to ${bounds.max}`,
  });
}

/** A text of at most `maxBytes` bytes of UTF-8. */
export function TextField(textRule: TextRule, options: FieldOptions): PropertyDecorator {
  const { minLength = 0, maxBytes, pattern, documentedPattern = pattern, rule } = textRule;
  return field(options, {
    schema: {
      type: 'string',
      minLength,
      maxLength: maxBytes,
      ...(documentedPattern === undefined ? {} : { pattern: documentedPattern }),
    },
    isValid: textWithin(textRule),
    rule: rule ?? `must be a text of ${minLength} to ${maxBytes} bytes of UTF-8`,
  });
}

export function UuidField(options: FieldOptions): PropertyDecorator {
  return field(options, {
    schema: { type: 'string', format: 'uuid' },
    isValid: isUuid,
    rule: 'must be a UUID',
  });
}

export function BooleanField(options: FieldOptions): PropertyDecorator {
  return field(options, {
    schema: { type: 'boolean' },
    isValid: (value) => typeof value === 'boolean',
    rule: 'must be true or false',
  });
}

/** One of several words. */
export function ChoiceField(choices: readonly string[], options: FieldOptions): PropertyDecorator {
  return field(options, {
    schema: { type: 'string', enum: [...choices] },
    isValid: (value) => typeof value === 'string' && choices.includes(value),
    rule: `must be ${choices.map((choice) => `"${choice}"`).join(' or ')}`,
  });
}

/** A lock name. */
export function LockNameField(options: FieldOptions): PropertyDecorator {
  return field(options, {
    schema: LOCK_NAME_SCHEMA,
    isValid: (value) => typeof value === 'string' && parseLockName(value).ok,
    rule: 'must be a valid lock name',
  });
}

/** A list of objects, each of which is valid as `item`. */
export function ListField(item: new () => object, size: Bounds, options: FieldOptions): PropertyDecorator {
  const { min, max } = size;
  const problemOf = (value: unknown): string | null => {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      return `$property must be a list of ${min} to ${max} objects.`;
    return (
      value
        .map((element, index) => problemOfElement(item, element, index))
        .find((problem) => problem !== null) ?? null
    );
  };
  return field(options, {
    schema: { type: [item], minItems: min, maxItems: max },
    isValid: (value) => problemOf(value) === null,
    problemOf: (value) => problemOf(value) ?? '',
  });
}

function problemOfElement(item: new () => object, element: unknown, index: number): string | null {
  if (typeof element !== 'object' || element === null || Array.isArray(element))
    return `$property[${index}] must be an object.`;
  const [problem] = validatorOf(item)(element);
  return problem === undefined ? null : `$property[${index}]: ${problem}`;
}

type FieldRule = {
  readonly schema: Record<string, unknown>;
  readonly isValid: (value: unknown) => boolean;
} & (
  | {
      /** What a valid value is, as the rest of a sentence that begins with the field's name. */
      readonly rule: string;
    }
  | {
      /** What is wrong with an invalid value, as a sentence. */
      readonly problemOf: (value: unknown) => string;
    }
);

function sentenceOf(rule: FieldRule): (args?: ValidationArguments) => string {
  return 'rule' in rule ? () => `$property ${rule.rule}.` : (args) => rule.problemOf(args?.value);
}

function field({ optional = false, ...documentation }: FieldOptions, rule: FieldRule): PropertyDecorator {
  const schema = { ...rule.schema, ...documentation };
  return applyDecorators(
    ...(optional
      ? [IsOptional(), ApiPropertyOptional({ ...schema, nullable: true })]
      : [ApiProperty(schema)]),
    ValidateBy({
      name: 'field',
      validator: { validate: rule.isValid, defaultMessage: sentenceOf(rule) },
    }),
  );
}
