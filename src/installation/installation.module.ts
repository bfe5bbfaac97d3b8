import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DatabaseLocation } from './database-location.js';

@Global()
@Module({})
export class InstallationModule {
  static forRoot(location: DatabaseLocation): DynamicModule {
    return {
      module: InstallationModule,
      providers: [{ provide: DatabaseLocation, useValue: location }],
      exports: [DatabaseLocation],
    };
  }
}
