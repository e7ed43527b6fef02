import { EventEmitter } from 'node:events';
import { type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStreamFormat } from '../../../../src/monitor/http/event-stream-format.js';
import { HttpSession } from '../../../../src/monitor/http/http-session.js';
import { Firings } from '../../../../src/monitor/session/firings.js';
import { type MonitorContext } from '../../../../src/monitor/session/monitor-context.js';
import { resolveOptions } from '../../../../src/options/resolve-options.js';
import { Access } from '../../../../src/monitor/access/access.js';
import { Pulse } from '../../../../src/monitor/session/pulse.js';
import { RecordText } from '../../../../src/monitor/protocol/record-text.js';
import { FanOut } from '../../../../src/subscription/fan-out.js';
import { HIGH_WATER_MARK } from '../../../../src/subscription/outlet.js';
import { logStream } from '../../subscription/fakes.js';

describe('the heartbeat of a stream over HTTP', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function session() {
    const stream = logStream();
    const format = new EventStreamFormat(new RecordText(), stream.cursors);
    const written: string[] = [];
    const response = Object.assign(new EventEmitter(), {
      writableLength: 0,
      write: (chunk: Buffer | string) => written.push(String(chunk)),
    });
    const context = {
      source: stream,
      fanOut: new FanOut(stream, { windowMs: 0, records: 1, bytes: 65_536 }),
      firings: new Firings(),
      limits: resolveOptions({ logger: false }).limits,
    } as unknown as MonitorContext;
    const request = { extended: false, filter: {} };
    const http = new HttpSession(
      response as unknown as ServerResponse,
      format,
      request,
      Access.EVERYTHING,
      context,
    );
    const pulse = new Pulse<HttpSession>(
      () => {},
      (member) => member.pulse(),
    );
    pulse.add(http);
    written.length = 0;
    return { stream, response, written };
  }

  it('is a comment each 15 s, with the cursor', () => {
    const { stream, written } = session();
    vi.advanceTimersByTime(14_999);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(written).toEqual([`: heartbeat\nid: ${stream.cursors.format(1)}\n\n`]);
    vi.advanceTimersByTime(30_000);
    expect(written).toHaveLength(3);
  });

  it('is left out while the client takes nothing: it would only add to what waits', () => {
    const { response, written } = session();
    response.writableLength = HIGH_WATER_MARK + 1;
    vi.advanceTimersByTime(60_000);
    expect(written).toEqual([]);
  });
});
