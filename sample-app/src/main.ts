import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { setupLogStreaming } from 'nestjs-log-stream';
import { type AddressInfo } from 'node:net';
import { AppModule } from './app.module.js';
import { AuditTrailFile } from './audit-trail-file/audit-trail-file.js';
import { welcome } from './welcome.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule, { bufferLogs: true });
setupLogStreaming(app);
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);

// With PORT=0 the system chose the port.
const { port } = app.getHttpServer().address() as AddressInfo;
console.log(welcome(port, app.get(AuditTrailFile)));
