import { Module } from '@nestjs/common';
import { AdminFencesController } from './admin-fences.controller.js';
import { FencesController } from './fences.controller.js';
import { FencesService } from './fences.service.js';

@Module({ controllers: [FencesController, AdminFencesController], providers: [FencesService] })
export class FencesModule {}
