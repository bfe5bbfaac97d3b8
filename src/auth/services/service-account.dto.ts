import { ApiProperty } from '@nestjs/swagger';
import { TextField, TextListField } from '../../http/input/fields.js';
import { NAMED_USER } from '../tokens/named-user.js';
import { OWNERS, SERVICE_NAME } from './limits.js';
import type { OwnerFacts, ServiceAccountFacts } from './service-account-facts.js';

const OwnersField = (): PropertyDecorator =>
  TextListField(NAMED_USER, OWNERS, {
    description:
      'The accounts that look after it: logins, or logins with their source, such as `github:ada`. They must have signed in before.',
    example: ['github:ada'],
  });

export class CreateServiceAccountRequest {
  @TextField(SERVICE_NAME, {
    description: 'The name. A policy calls the account `service:` and its name.',
    example: 'ci',
  })
  name!: string;

  @OwnersField()
  owners!: string[];
}

export class ChangeOwnersRequest {
  @OwnersField()
  owners!: string[];
}

export class ServiceAccountOwner implements OwnerFacts {
  @ApiProperty({ description: 'The source of the account and its login.', example: 'github:ada' })
  user!: string;

  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ description: 'Whether the owner has a valid token now.' })
  has_token!: boolean;
}

export class ServiceAccountBody implements ServiceAccountFacts {
  @ApiProperty({ description: 'The name.', example: 'ci' })
  name!: string;

  @ApiProperty({ description: 'How policies and lists call the account.', example: 'service:ci' })
  user!: string;

  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ description: 'When the account was created.', type: 'string', format: 'date-time' })
  created_at!: string;

  @ApiProperty({ description: 'The accounts that look after it.', type: [ServiceAccountOwner] })
  owners!: ServiceAccountOwner[];

  @ApiProperty({
    description:
      'Whether any owner has a valid token now. Without one, the service account goes on working, but only administrators can manage it.',
  })
  has_active_owner!: boolean;
}

export class ServiceAccountList {
  @ApiProperty({ type: [ServiceAccountBody] })
  service_accounts!: ServiceAccountBody[];
}
