import { Controller, Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import {
  KafkaContext,
  MessagePattern,
  MqttContext,
  NatsContext,
  RedisContext,
  RmqContext,
  Server,
  type CustomTransportStrategy,
} from '@nestjs/microservices';
import { type INestApplication } from '@nestjs/common';
import { firstValueFrom, from } from 'rxjs';
import { expect, it } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from './harness/boot.js';

/** Stands in for a broker: hands its handlers messages with the context that Nest's own server of the kind makes. */
class Broker extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  override on(): void {}
  override unwrap<T>(): T {
    return this as unknown as T;
  }
  async deliver(data: unknown, ...args: readonly unknown[]): Promise<unknown> {
    const handler = this.getHandlerByPattern('move');
    if (!handler) throw new Error('There is no handler.');
    const [context, ...more] = args;
    const call = handler as (...all: readonly unknown[]) => Promise<unknown>;
    return firstValueFrom(from(this.transformToObservable(await call(data, context, ...more)) as never));
  }
}

@Injectable()
class Refusing implements CanActivate {
  canActivate(context: { getArgByIndex(index: number): unknown }): boolean {
    return context.getArgByIndex(0) !== 'refuse';
  }
}

@Controller()
@UseGuards(Refusing)
class MovesController {
  @Audit('state_change')
  @MessagePattern('move')
  move(): string {
    return 'moved';
  }
}

it.each([
  ['RabbitMQ', [new RmqContext([{}, {}, 'moves'])], 'moves'],
  ['Redis', [new RedisContext(['moves'])], 'moves'],
  ['NATS', [new NatsContext(['moves.eu', {} as never])], 'moves.eu'],
  ['MQTT', [new MqttContext(['moves/eu', {}])], 'moves/eu'],
  [
    'Kafka',
    [new KafkaContext([{} as never, 0, 'moves', {} as never, async () => undefined, {} as never])],
    'moves',
  ],
  ['gRPC', [{}, { getPath: () => '/moves.Moves/Move' }], '/moves.Moves/Move'],
])('an audited handler of %s has the address of its message as request', async (_, args, pattern) => {
  const broker = new Broker();
  const { sink } = await boot({
    controllers: [MovesController],
    providers: [Refusing],
    before: async (app: INestApplication) => {
      app.connectMicroservice({ strategy: broker });
      await app.startAllMicroservices();
    },
  });
  expect(await broker.deliver('move', ...args)).toBe('moved');
  expect((await sink.take()).fields).toMatchObject({ outcome: 'success', request: { pattern } });
  await broker.deliver('refuse', ...args).catch(() => undefined);
  expect((await sink.take()).fields).toMatchObject({ reason: 'denied', request: { pattern } });
});
