import { Subject, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FilterError, type LogRecord, matching } from 'nestjs-log-stream';
import { RecordBuilder } from '../../../src/record/record-builder.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { LogStream } from '../../../src/stream/log-stream.js';
import { aRecord } from './specs.js';

function collect(records$: Observable<LogRecord>): string[] {
  const messages: string[] = [];
  records$.subscribe(({ message }) => void messages.push(message));
  return messages;
}

describe('the operator `matching`', () => {
  it('lets the records of a filter pass, in order', () => {
    const source = new Subject<LogRecord>();
    const seen = collect(source.pipe(matching({ category: 'audit', action: 'user_*' })));
    source.next(aRecord({ message: 'a', category: 'audit', action: 'user_login' }));
    source.next(aRecord({ message: 'b', category: 'audit', action: 'order' }));
    source.next(aRecord({ message: 'c', extra: { action: 'user_login' } }));
    source.next(aRecord({ message: 'd', category: 'audit', action: 'user_logout' }));
    expect(seen).toEqual(['a', 'd']);
  });

  it('lets everything pass with an empty filter', () => {
    const source = new Subject<LogRecord>();
    const seen = collect(source.pipe(matching({})));
    source.next(aRecord({ message: 'a' }));
    expect(seen).toEqual(['a']);
  });

  it('completes with its source', () => {
    const source = new Subject<LogRecord>();
    let completed = false;
    source.pipe(matching({})).subscribe({ complete: () => void (completed = true) });
    source.complete();
    expect(completed).toBe(true);
  });

  it('throws at once, not with the first record, when the filter is wrong', () => {
    expect(() => matching({ level: 'LOUD' as never })).toThrow(FilterError);
    expect(() => matching({ level: 'LOUD' as never })).toThrow(
      expect.objectContaining({ path: 'filter.level' }),
    );
  });

  it('works on the stream of an app', () => {
    const options = resolveOptions({ logger: false });
    const stream = new LogStream(options, new RecordBuilder(options));
    const seen = collect(stream.records$.pipe(matching({ level: 'ERROR', not: { logger: 'noise.*' } })));
    stream.publish({ message: 'a', level: 'ERROR' });
    stream.publish({ message: 'b', level: 'ERROR', logger: 'noise.x' });
    stream.publish({ message: 'c' });
    stream.publish({ message: 'd', level: 'CRITICAL' });
    expect(seen).toEqual(['a', 'd']);
  });
});
