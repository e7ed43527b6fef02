import { Injectable } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Audit } from '../../src/audit/decorate/audit.decorator.js';
import { boot } from './harness/boot.js';
import { DurableSink } from './harness/durable-sink.js';

@Injectable()
class Feeds {
  readonly subject = new Subject<number>();

  @Audit<Feeds['feed']>('message_received', { metadata: ({ args: [topic], result }) => ({ topic, result }) })
  feed(_topic: string): Observable<number> {
    return this.subject;
  }

  @Audit('message_received')
  async *lines(): AsyncGenerator<number> {
    yield 1;
    yield 2;
  }
}

@Injectable()
class ClosedFeeds {
  readonly subject = new Subject<number>();

  @Audit('message_received', { failure: 'closed' })
  closed(): Observable<number> {
    return this.subject;
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

afterEach(() => void vi.useRealTimers());

describe('a stream that is still there after ten seconds', () => {
  it('has a start and an end record', async () => {
    const { app, sink } = await boot({ providers: [Feeds] });
    const feeds = app.get(Feeds);
    feeds.feed('news').subscribe();
    vi.advanceTimersByTime(9_999);
    expect(sink.rest).toEqual([]);
    vi.advanceTimersByTime(1);
    const start = await sink.take();
    expect(start).toMatchObject({ message: 'message_received started', metadata: { topic: 'news' } });
    expect(start.fields).toEqual({ phase: 'start' });
    feeds.subject.next(7);
    feeds.subject.complete();
    const end = await sink.take();
    expect(end.metadata).toEqual({ topic: 'news', result: 7 });
    expect(end.fields).toMatchObject({ phase: 'end', start_id: start.id, outcome: 'success' });
  });

  it('may be a generator', async () => {
    const { app, sink } = await boot({ providers: [Feeds] });
    const lines = app.get(Feeds).lines();
    await lines.next();
    vi.advanceTimersByTime(10_000);
    const start = await sink.take();
    expect(start.fields).toMatchObject({ phase: 'start' });
    await lines.return(undefined);
    expect((await sink.take()).fields).toMatchObject({ phase: 'end', start_id: start.id, reason: 'aborted' });
  });

  it('refers to its intent when it is closed', async () => {
    const { app, sink } = await boot({ providers: [ClosedFeeds], sink: new DurableSink() });
    const feeds = app.get(ClosedFeeds);
    const subscription = feeds.closed().subscribe();
    await vi.waitUntil(() => feeds.subject.observed);
    vi.advanceTimersByTime(10_000);
    const intent = (sink as DurableSink).takeIntent().id;
    expect((await sink.take()).fields).toMatchObject({ phase: 'start', intent });
    subscription.unsubscribe();
    expect((await sink.take()).fields).toMatchObject({ phase: 'end', intent });
  });

  it('leaves no timer when it ends, nor when the app does', async () => {
    const { app, sink } = await boot({ providers: [Feeds] });
    const feeds = app.get(Feeds);
    const before = vi.getTimerCount();
    feeds.feed('short').subscribe().unsubscribe();
    expect(vi.getTimerCount()).toBe(before);
    await sink.take();
    feeds.feed('long').subscribe();
    expect(vi.getTimerCount()).toBe(before + 1);
    await app.close();
    feeds.feed('late').subscribe();
    expect(vi.getTimerCount()).toBe(before);
  });
});
