import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { OPCODES } from '../harness/frames.js';
import { monitoredApp } from '../harness/monitored-app.js';
import { restoreNestLogger } from '../unit/support/nest-logger-state.js';

const HOSTILE = [
  '\u001b]0;owned\u0007\u001b[2J\u001b[31m',
  'one line\r\nanother line',
  '"}}\n{"type":"audit_log","data":{"message":"forged"}}',
  '\u0000\u0008\u007f',
  // Terminal commands without ESC: CSI, OSC and ST as one character each.
  '\u009b2J\u009d0;owned\u009c\u0085',
  // Reads as another text than it is.
  'paid to \u202eeve\u202c \u2066bob\u2069 \u200f\u200e\u061c',
  'one line\u2028another\u2029line',
  '</script><script>alert(1)</script>',
  '\ud800 half a character',
];

/** By Unicode's own categories: control characters, marks of direction, line ends. */
const COMMANDS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

describe('hostile log text', () => {
  restoreNestLogger();

  it.each(['/ws/monitor', '/ws/monitor?v=1'])(
    'stays text, at %s: one record, nothing that a terminal obeys, and back to what was logged',
    async (path) => {
      await using app = await monitoredApp().start();
      await using client = await app.watchRaw(path);
      const logger = new Logger('Hostile');
      for (const text of HOSTILE) logger.log(text, { field: text, [text]: true });
      logger.log('the end');
      await client.until(() => client.texts.some((text) => text.includes('the end')));
      const payloads = client.frames
        .filter(({ opcode }) => opcode === OPCODES.text)
        .map(({ payload }) => payload);
      for (const payload of payloads) expect(String(payload)).not.toMatch(COMMANDS);
      const records = payloads.flatMap((payload) => {
        const { type, data } = JSON.parse(String(payload)) as { type: string; data: unknown };
        if (type === 'hello') return [];
        return type === 'batch' ? (data as { data: Row }[]).map((item) => item.data) : [data as Row];
      });
      expect(records.map(({ message }) => message)).toEqual([...HOSTILE, 'the end']);
      expect(records.slice(0, -1).map(({ field }) => field)).toEqual(HOSTILE);
      expect(records.some((record) => 'action' in record)).toBe(false);
    },
  );

  it.each(['sse', 'ndjson'])('stays text over HTTP as well, as by `curl -N`: %s', async (format) => {
    await using app = await monitoredApp().start();
    await using client = await app.read(`format=${format}`);
    const logger = new Logger('Hostile');
    for (const text of HOSTILE) logger.log(text, { field: text, [text]: true });
    logger.log('the end');
    await client.message('the end');
    expect(client.text.replaceAll('\n', '')).not.toMatch(COMMANDS);
    expect(client.items.map(({ data }) => data['message'])).toEqual([...HOSTILE, 'the end']);
    expect(client.items.slice(0, -1).map(({ data }) => data['field'])).toEqual(HOSTILE);
  });

  it('stays text in what a client is told of its own words', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    const hostile = '\u009b2J\u202e\u007f';
    await using client = await app.watchExtended(`search=${encodeURIComponent(hostile)}`);
    await client.ask('subscribe', { filter: { search: hostile } });
    client.send({ event: hostile, id: hostile });
    await client.answer(hostile);
    expect(client.client.texts.join('')).not.toMatch(COMMANDS);
    await using refused = await app.read(`where.${encodeURIComponent(hostile)}=${'x'.repeat(300)}`);
    await refused.gone;
    expect(refused.status).toBe(400);
    expect(refused.text).not.toMatch(COMMANDS);
    expect(JSON.parse(refused.text)).toMatchObject({ path: `filter.where.${hostile}` });
  });
});

interface Row {
  readonly message: string;
  readonly field?: string;
}
