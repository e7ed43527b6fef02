// A whole application, to be bundled: `node bundle [options of the module as JSON]` prints the callers of two log calls.
import 'reflect-metadata';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogStream, LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { Greeter } from './greeter.mjs';

class AppModule {}
Module({
  imports: [LogStreamModule.forRoot({ caller: 'always', ...JSON.parse(process.argv[2] ?? '{}') })],
})(AppModule);

async function main() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true, abortOnError: false });
  const callers = [];
  app.get(LogStream).records$.subscribe(({ message, module, function: name, line }) => {
    if (/^(?:held back|greeting)/.test(message)) callers.push({ message, module, function: name, line });
  });
  new Logger('app').warn('held back');
  setupLogStreaming(app);
  await app.listen(0, '127.0.0.1');
  const greeter = new Greeter();
  greeter.greet();
  greeter.greetStatically();
  const page = await fetch(`${await app.getUrl()}/monitor`);
  await app.close();
  console.log(JSON.stringify({ callers, page: page.status }));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
