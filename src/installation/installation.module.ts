import { Global, Module, type DynamicModule } from '@nestjs/common';
import { SqliteLocation } from './sqlite-location.js';

@Global()
@Module({})
export class InstallationModule {
  static forRoot(location: SqliteLocation): DynamicModule {
    return {
      module: InstallationModule,
      providers: [{ provide: SqliteLocation, useValue: location }],
      exports: [SqliteLocation],
    };
  }
}
