import { ConsoleLogger, Module, ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { LogStreamModule } from 'nestjs-log-stream';
import { AuditTrailFile } from './audit-trail-file/audit-trail-file.js';
import { AuditTrailFileModule } from './audit-trail-file/audit-trail-file.module.js';
import { CoordinationsModule } from './coordinations/coordinations.module.js';
import { InstancesModule } from './instances/instances.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { RequestContext } from './request-context/request-context.js';
import { RequestContextModule } from './request-context/request-context.module.js';
import { StartPageModule } from './start-page/start-page.module.js';
import { TrafficModule } from './traffic/traffic.module.js';

@Module({
  imports: [
    // Before the module that writes to the file: Nest shuts global modules down in the opposite order.
    AuditTrailFileModule,
    LogStreamModule.forRootAsync({
      imports: [RequestContextModule],
      inject: [RequestContext, AuditTrailFile],
      useFactory: (request: RequestContext, { path: file }: AuditTrailFile) => ({
        // Every record that a request leads to, however late, carries that request's id.
        context: () => request.fields,
        // Six lines a second would carry away what `npm start` has just said; the stream has them all.
        logger: new ConsoleLogger({ logLevels: ['fatal'] }),
        // Every audit record, kept and signed. Often enough for who tries it to see the state advance.
        ...(file !== undefined && { trail: { file, checkpoint: { everyMs: 10_000, records: 200 } } }),
      }),
    }),
    InstancesModule,
    MessagesModule,
    CoordinationsModule,
    TrafficModule,
    StartPageModule,
  ],
  providers: [
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }),
    },
  ],
})
export class AppModule {}
