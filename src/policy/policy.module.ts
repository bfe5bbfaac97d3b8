import { Module } from '@nestjs/common';
import { PolicyController } from './policy.controller.js';
import { PolicySchemaController } from './policy-schema.controller.js';
import { PolicyService } from './policy.service.js';

/** The access policy, for administrators. `src/access` enforces it. */
@Module({
  controllers: [PolicyController, PolicySchemaController],
  providers: [PolicyService],
})
export class PolicyModule {}
