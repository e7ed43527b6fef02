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
  '</script><script>alert(1)</script>',
  '\ud800 half a character',
];

describe('hostile log text', () => {
  restoreNestLogger();

  it.each(['/ws/monitor', '/ws/monitor?v=1'])(
    'stays text, at %s: one record, no control character below U+0020, and back to what was logged',
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
      for (const payload of payloads) expect(payload.every((byte) => byte >= 0x20)).toBe(true);
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
});

interface Row {
  readonly message: string;
  readonly field?: string;
}
