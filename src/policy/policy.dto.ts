import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { POLICY_BYTES_MAX } from '../access/policy/policy-document.js';
import { ACTIONS, type PolicyAction } from '../access/policy/rights.js';
import { ErrorBody } from '../http/answer/error-body.dto.js';
import { ChoiceField, LockNameField, TextField } from '../http/input/fields.js';

const EXAMPLE_TEXT = 'grants:\n  - to: [github:ada]\n    may: [acquire]\n    on: [billing/*]\n';

export class PolicyRequest {
  @TextField(
    { minLength: 1, maxBytes: POLICY_BYTES_MAX },
    {
      description: 'The policy, in YAML or JSON. `GET /policy.schema.json` describes it.',
      example: EXAMPLE_TEXT,
    },
  )
  text!: string;
}

export class PolicyVersionSummary {
  @ApiProperty({
    description: 'The number of the version. 0 means that there never was a policy.',
    type: 'integer',
    minimum: 0,
    example: 7,
  })
  version!: number;

  @ApiProperty({ description: 'Whether this version means that there is no policy.', example: false })
  removed!: boolean;

  @ApiProperty({
    description: 'When it was applied. Null for version 0.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  applied_at!: string | null;

  @ApiProperty({
    description:
      'The login of the administrator who applied it, or `administrator` for the admin key. Null for version 0.',
    type: 'string',
    nullable: true,
    example: 'ada',
  })
  applied_by!: string | null;
}

export class PolicyVersionBody extends PolicyVersionSummary {
  @ApiProperty({
    description: 'The policy as it was sent. Null if there is none.',
    type: 'string',
    nullable: true,
    example: EXAMPLE_TEXT,
  })
  text!: string | null;
}

export class PolicyVersionList {
  @ApiProperty({ type: [PolicyVersionSummary], description: 'Newest first. The last 100 are kept.' })
  versions!: PolicyVersionSummary[];
}

export class PolicyFinding {
  @ApiProperty({ description: 'The line in the text, counted from 1.', type: 'integer', example: 2 })
  line!: number;

  @ApiProperty({ description: 'The column in that line, counted from 1.', type: 'integer', example: 9 })
  column!: number;

  @ApiProperty({ description: 'What is wrong, and what to do.', example: 'grants[0].to is missing.' })
  message!: string;
}

export class PolicyApplied extends PolicyVersionBody {
  @ApiProperty({ type: [PolicyFinding], description: 'What is valid, but probably not meant.' })
  warnings!: PolicyFinding[];
}

export class PolicyChangesBody {
  @ApiProperty({
    description: 'What it says and the policy in force does not.',
    type: [String],
    example: ['github:ada may acquire on billing/*'],
  })
  added!: string[];

  @ApiProperty({
    description: 'What the policy in force says and it does not.',
    type: [String],
    example: ['everyone may acquire on *'],
  })
  removed!: string[];
}

export class PolicyCheck {
  @ApiProperty({ description: 'Whether you can apply it.', example: true })
  valid!: boolean;

  @ApiProperty({ type: [PolicyFinding], description: 'Everything that keeps you from applying it.' })
  mistakes!: PolicyFinding[];

  @ApiProperty({ type: [PolicyFinding], description: 'What is valid, but probably not meant.' })
  warnings!: PolicyFinding[];

  @ApiProperty({
    description: 'The version that it was compared with.',
    type: 'integer',
    minimum: 0,
    example: 7,
  })
  version!: number;

  @ApiProperty({
    type: PolicyChangesBody,
    description: 'What would change. Empty if there are mistakes.',
  })
  changes!: PolicyChangesBody;
}

/** The policy, or the request, is not valid. */
export class PolicyInvalid extends ErrorBody {
  @ApiPropertyOptional({
    type: [PolicyFinding],
    description: 'With `policy_invalid`: everything that is wrong.',
  })
  mistakes?: PolicyFinding[];
}

export class PolicyWhyQuery {
  @TextField(
    { minLength: 1, maxBytes: 512 },
    {
      description:
        'A login, a login with its source, such as `github:ada`, or `github:id:` and a numeric id.',
      example: 'github:ada',
    },
  )
  user!: string;

  @ChoiceField(ACTIONS, { description: 'What the user wants to do.' })
  action!: PolicyAction;

  @LockNameField({ description: 'The name of the lock or fence.' })
  lock!: string;
}

export class PolicyGrant {
  @ApiProperty({ description: 'The line in which the grant begins.', type: 'integer', example: 2 })
  line!: number;

  @ApiProperty({ type: [String], example: ['github:ada'] })
  to!: string[];

  @ApiProperty({ enum: ACTIONS, isArray: true })
  may!: PolicyAction[];

  @ApiProperty({ type: [String], example: ['billing/*'] })
  on!: string[];
}

export class PolicyWhy {
  @ApiProperty({ description: 'Whether the user may do this.', example: true })
  allowed!: boolean;

  @ApiProperty({
    description: 'Why, in a sentence.',
    example: 'The grant in line 2 lets github:ada acquire billing/nightly.',
  })
  reason!: string;

  @ApiProperty({ type: [PolicyGrant], description: 'The grants that allow it.' })
  grants!: PolicyGrant[];
}
