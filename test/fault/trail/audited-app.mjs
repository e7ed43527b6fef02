// A Nest app with a trail in a process of its own, to be killed: `node audited-app.mjs <file> [options as JSON]`.
// Prints what happens as it happens, one line each, synchronously: what was printed survives the process.
import 'reflect-metadata';
import { Body, Controller, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Audit, AuditLogger, LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [, , file, given = '{}'] = process.argv;
const say = (line) => {
  for (let rest = Buffer.from(`${line}\n`); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // A pipe that its reader has not emptied yet.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};
const WORK_MS = 15;

class Calls {
  constructor(audit) {
    this.audit = audit;
  }

  /** The receipt is the acknowledgement; printed before the caller gets it. */
  async log(id, body) {
    const { seq, hash, ...receipt } = await this.audit.log(`call ${id}`, {
      action: 'logged',
      metadata: body,
    });
    say(`ack ${receipt.id} ${seq} ${hash}`);
    return { id: receipt.id, seq, hash };
  }

  async open(id) {
    await pause(Math.random() * WORK_MS);
    return { id };
  }

  /** Acknowledged by its answer: nobody gets it before the outcome is durable. */
  async closed(id) {
    say(`ran ${id}`);
    await pause(Math.random() * WORK_MS);
    return { id };
  }

  /** Acknowledges one record each, all of them under way when somebody says stop. */
  async burst(count) {
    for (let i = 0; i < Number(count); i++) {
      this.audit
        .log(`burst ${i}`, { action: 'burst' })
        .then(({ id, seq, hash }) => say(`ack ${id} ${seq} ${hash}`))
        .catch((error) => say(`refused ${error.name}`));
    }
    say('queued');
    return { count };
  }
}

const target = ({ args }) => ({ type: 'call', id: args[0] });
// By hand what a compiler makes of decorators: this file runs as it is.
Controller()(Calls);
Reflect.defineMetadata('design:paramtypes', [AuditLogger], Calls);
const route = (name, path, ...decorators) => {
  Param('id')(Calls.prototype, name, 0);
  for (const decorate of [Post(path), ...decorators]) {
    const descriptor = Object.getOwnPropertyDescriptor(Calls.prototype, name);
    Object.defineProperty(Calls.prototype, name, decorate(Calls.prototype, name, descriptor) ?? descriptor);
  }
};
Body()(Calls.prototype, 'log', 1);
route('log', 'log/:id');
route('burst', 'burst/:id');
route('open', 'open/:id', Audit('open_call', { target }));
Reflect.defineMetadata('design:returntype', Promise, Calls.prototype, 'closed');
route('closed', 'closed/:id', Audit('closed_call', { target, failure: 'closed' }));

const { trail, ...options } = JSON.parse(given);
class Root {}
Module({
  imports: [
    LogStreamModule.forRoot({
      logger: false,
      trail: { file, space: { lowBytes: 0, ballastBytes: 65_536 }, ...trail },
      ...options,
    }),
  ],
  controllers: [Calls],
})(Root);

try {
  const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
  setupLogStreaming(app);
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  say(`listening ${app.getHttpServer().address().port}`);
} catch (error) {
  say(`failed ${error.code} ${error.message}`);
  process.exitCode = 1;
}
