import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidQuery } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { AdminOnly } from '../admin-only.decorator.js';
import { ListUsersQuery, UserList } from './admin-users.dto.js';
import { UserLister } from './user-lister.js';

@ApiTags('Authentication')
@AdminOnly()
@Controller('admin/users')
export class AdminUsersController {
  constructor(private readonly users: UserLister) {}

  /**
   * List accounts
   *
   * @remarks In order of `user`. Deleted accounts are left out.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: UserList, description: 'A page of accounts' })
  @ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
  listUsers(@ValidQuery() query: ListUsersQuery): Promise<UserList> {
    return this.users.list(query);
  }
}
