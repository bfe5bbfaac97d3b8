import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidQuery } from '../../http/input/valid-input.decorators.js';
import { ListQueuesQuery, QueueList } from './lines.dto.js';
import { LinesService } from './lines.service.js';

@ApiTags('Locks')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('queues')
export class LinesController {
  constructor(private readonly lines: LinesService) {}

  /**
   * List the longest lines
   *
   * @remarks The locks that most requests wait for, with who holds them and for how long. Places that are only kept do not count. `octostore top`
   * shows this list again and again.
   */
  @Get()
  @ApiOkResponse({ type: QueueList, description: 'The lines' })
  listQueues(@ValidQuery() query: ListQueuesQuery, @CurrentCaller() caller: Caller): Promise<QueueList> {
    return this.lines.list(query, caller);
  }
}
