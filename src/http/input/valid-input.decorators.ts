import { Body, Query, type PipeTransform } from '@nestjs/common';
import { DtoPipe } from './dto.pipe.js';

const dtoPipe = new DtoPipe();

/** The request body, as the DTO that the parameter's type names. Throws `malformed_json`, `validation_failed`. */
export const ValidBody = (): ParameterDecorator => Body(dtoPipe);

/** The request body, as a pipe of the route reads and validates it. For bodies that may have another form than JSON. */
export const BodyValidatedBy = (pipe: PipeTransform): ParameterDecorator => Body(pipe);

/** The query string, as the DTO that the parameter's type names. Throws `validation_failed`. */
export const ValidQuery = (): ParameterDecorator => Query(dtoPipe);
