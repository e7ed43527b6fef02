import { context, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { Controller, Get, Logger } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { AuditLogger, AuditTrail, runInStory } from 'nestjs-log-stream';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { monitoredApp } from '../harness/monitored-app.js';

const logger = new Logger('work');

/** What an SDK of OpenTelemetry registers, as far as it is needed here. */
class StorageContextManager implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => Reflect.apply(work, self, args) as ReturnType<F>);
  }
  bind<T>(_: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

const span = (traceId: string, spanId: string) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1 });

@Controller('work')
class WorkController {
  @Get()
  work(): string {
    logger.log('before');
    context.with(span('a'.repeat(32), 'b'.repeat(16)), () => logger.log('in a span', { n: 1 }));
    context.with(span('0'.repeat(32), 'b'.repeat(16)), () => logger.log('in a span that is none'));
    return 'done';
  }
}

afterEach(() => context.disable());

it('a line has the ids of the span that is active, else of the traceparent that came', async () => {
  context.setGlobalContextManager(new StorageContextManager());
  const app = await monitoredApp({ logger: false, story: true })
    .with({ controllers: [WorkController] })
    .start();
  await using _app = app;
  const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  await fetch(`http://127.0.0.1:${app.port}/work`, { headers: { traceparent } });
  const storyOf = (text: string) => [...app.stream.history].find(({ message }) => message === text)?.story;
  expect(storyOf('before')).toMatchObject({ trace_id: 'c'.repeat(32), span_id: 'd'.repeat(16) });
  expect(storyOf('in a span')).toMatchObject({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
  expect(storyOf('in a span that is none')).toMatchObject({ trace_id: 'c'.repeat(32) });
  expect(storyOf('in a span')?.request_id).toBe(storyOf('before')?.request_id);
});

it('the fields of the context option win, and a story changes nothing of what they are', async () => {
  const options = {
    logger: false,
    story: true,
    context: () => ({ request_id: 'app', tenant: 't' }),
  } as const;
  const app = await monitoredApp(options).start();
  await using _app = app;
  await using client = await app.watchExtended();
  runInStory(() => logger.log('told', { n: 1 }));
  await client.until(() =>
    client.frames.some(({ items }) => items.some(({ data }) => data['message'] === 'told')),
  );
  const item = client.frames.flatMap(({ items }) => items).find(({ data }) => data['message'] === 'told');
  expect(item?.data).toMatchObject({ request_id: 'app', tenant: 't', n: 1 });
});

const sqlite = process.getBuiltinModule('node:sqlite') === undefined ? it.skip : it;

sqlite('the trail keeps the story of an audit record, and finds it by that', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'story-'));
  try {
    const app = await monitoredApp({
      logger: false,
      story: true,
      trail: { file: join(folder, 'audit.db') },
    }).start();
    await using _app = app;
    const audit = await app.app.resolve(AuditLogger);
    await runInStory(() => audit.log('Order placed', { action: 'state_change' }), {
      clientRequestId: 'job-1',
    });
    const story = [...app.stream.history].find(({ message }) => message === 'Order placed')?.story;
    const { entries } = await app.get(AuditTrail).query({ text: story?.request_id });
    expect(entries.map(({ data }) => data)).toMatchObject([{ message: 'Order placed', ...story }]);
    expect(story).toMatchObject({ client_request_id: 'job-1' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
