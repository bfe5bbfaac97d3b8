import {
  getMetadataStorage,
  ValidationTypes,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** Returns the problems with a value, one sentence each. Empty if it is valid. */
export type Validator = (value: object) => string[];

type Constructor = new () => object;

interface Check {
  readonly property: string;
  readonly constraint: ValidatorConstraintInterface;
  readonly constraints: unknown[];
  readonly message: string | ((args: ValidationArguments) => string) | null;
}

interface Property {
  readonly name: string;
  readonly checks: readonly Check[];
  /** Whether the property must be checked in this object, as `@IsOptional` and `@ValidateIf` say. */
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
}

const validators = new Map<Constructor, Validator>();

/**
 * The validator of a DTO class, compiled once from the class-validator decorators of the class. It does the same as
 * `validate(..., { whitelist: true, forbidNonWhitelisted: true })` for flat DTOs, but does not collect the decorators again
 * for every request. A `ListField` validates its elements itself.
 */
export function validatorOf(dto: Constructor): Validator {
  let validator = validators.get(dto);
  if (validator === undefined) {
    validator = compile(dto);
    validators.set(dto, validator);
  }
  return validator;
}

function compile(dto: Constructor): Validator {
  const properties = new Map(propertiesOf(dto).map((property) => [property.name, property]));
  return (value) => {
    const problems: string[] = [];
    for (const name of Object.keys(value)) {
      if (!properties.has(name)) problems.push(`${describe(name)} is not a known field. Leave it out.`);
    }
    for (const property of properties.values()) validate(dto, value, property, problems);
    return problems;
  };
}

function propertiesOf(dto: Constructor): Property[] {
  const storage = getMetadataStorage();
  const all = storage.getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(all.map(({ propertyName }) => propertyName))].map((name) => {
    const metadatas = all.filter(({ propertyName }) => propertyName === name);
    return {
      name,
      conditions: metadatas
        .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
        .map(({ constraints }) => constraints[0] as Property['conditions'][number]),
      checks: metadatas
        .filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION)
        .flatMap(({ constraintCls, constraints, message, each }) => {
          if (each) throw new Error(`${dto.name}.${name}: write the "each" of a check into the check itself`);
          return storage.getTargetValidatorConstraints(constraintCls).map(({ instance }) => ({
            property: name,
            constraint: instance,
            constraints: constraints ?? [],
            message: message ?? null,
          }));
        }),
    };
  });
}

function validate(dto: Constructor, object: object, property: Property, problems: string[]): void {
  const value = (object as Record<string, unknown>)[property.name];
  for (const condition of property.conditions) if (!condition(object, value)) return;
  for (const { constraint, constraints, message, property: name } of property.checks) {
    const args: ValidationArguments = { value, constraints, targetName: dto.name, object, property: name };
    if (constraint.validate(value, args) === true) continue;
    problems.push(sentence(message, constraint, args));
    return; // The first problem of a field says enough.
  }
}

function sentence(
  message: Check['message'],
  constraint: ValidatorConstraintInterface,
  args: ValidationArguments,
): string {
  const text =
    typeof message === 'function' ? message(args) : (message ?? constraint.defaultMessage?.(args) ?? '');
  return text
    .replaceAll('$property', args.property)
    .replace(/\$constraint(\d)/g, (_, index: string) => String(args.constraints[Number(index) - 1]));
}

/** A field name comes from the client, so it is quoted as JSON and cut short. */
function describe(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
