import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { policySchema } from '../access/policy/policy-document.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Upkeep } from '../http/routes/traits.js';

@ApiTags('Policy')
@ApiErrors('malformed_request')
@Controller()
export class PolicySchemaController {
  readonly #schema = policySchema();

  /**
   * Get the JSON Schema of policies
   *
   * @remarks For anyone. Editors complete and check a policy with it: see `docs/access.md`.
   */
  @Get('policy.schema.json')
  @Upkeep()
  @ApiOkResponse({
    description: 'A JSON Schema',
    content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
  })
  getPolicySchema(): object {
    return this.#schema;
  }
}
