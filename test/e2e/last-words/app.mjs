// An app that ends as apps end that cannot go on: `node app.mjs <how>` prints its port, logs 50 lines and a fatal one
// when it reads something, and exits with 1 in one of several ways.
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { join } from 'node:path';
import { flushLogStreaming, LogStreamModule, setupLogStreaming } from '../../../dist/index.js';

const [how, directory] = process.argv.slice(2);

class AppModule {}
Module({
  imports: [
    LogStreamModule.forRoot({
      logger: false,
      ...(directory ? { trail: { file: join(directory, 'audit.db') } } : {}),
    }),
  ],
})(AppModule);

const app = setupLogStreaming(await NestFactory.create(AppModule, { logger: false }));
const logger = new Logger('App');

const endings = {
  fatal() {
    logger.fatal('The disk is gone');
    process.exit(1);
  },
  async flush() {
    logger.error('The disk is gone');
    const isDone = await flushLogStreaming(app);
    process.exit(isDone ? 1 : 2);
  },
  // Nobody can await in a handler of `exit`.
  exit() {
    process.once('exit', () => void flushLogStreaming(app));
    logger.error('The disk is gone');
    process.exit(1);
  },
  async audit() {
    for (let n = 0; n < 50; n++) logger.log(`audited ${n}`, { is_audit: true, action: 'last_words' });
    const isDone = await flushLogStreaming(app);
    process.exit(isDone ? 1 : 2);
  },
};

await app.listen(0, '127.0.0.1');
process.stdout.write(`${app.getHttpServer().address().port}\n`);
process.stdin.once('data', () => {
  for (let n = 0; n < 50; n++) logger.log(`line ${n}`);
  void endings[how]();
});
