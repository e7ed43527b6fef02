import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogStream, LogStreamModule } from 'nestjs-log-stream';
import { ratio, rotated, sample } from './measure.mjs';

const filled = (unit, length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** As long as one text of a record may be; three of them are more than all of its fields together. */
const TEXT = 32_768;

const JSON_TEXT = JSON.stringify(
  Array.from({ length: 20 }, (_, id) => ({ id, name: `bob ${id}`, url: `https://example.com/a/${id}` })),
);

/** What is logged, each with what makes looking at it cost: `calls` in one turn take about as long as those of the others. */
export const KINDS = {
  line: { name: 'an ordinary line', calls: 2_000, record: { message: 'Instance main-orchestrator spawned' } },
  ids: {
    name: 'a line of ids, times and fields',
    calls: 1_000,
    record: { message: 'GET /users/7: 200, request_id=4f1c2b9a-1c2d-4e5f-8a9b-0c1d2e3f4a5b at 12:30:45', user_id: 7 },
  },
  json: { name: `JSON in a text (${JSON_TEXT.length} characters)`, calls: 200, record: { message: 'm', data: JSON_TEXT } },
  digits: { name: '96 KiB of digits', calls: 4, record: threeTexts('1234567890') },
  cards: { name: '96 KiB of digits in groups, as cards have them', calls: 4, record: threeTexts('4111 1111 1111 1112 ') },
}; // prettier-ignore

/**
 * What looking for secrets adds to a record: the same record in an app that hides them and in one that does not, in turns.
 *
 * @param {{ rounds: number, turns: number }} effort where a turn is some milliseconds
 */
export async function measureRedaction({ rounds, turns }, progress) {
  const hiding = await boot({});
  const showing = await boot({ redact: false });
  try {
    const results = Object.keys(KINDS).map((key) => ({ key, hidden: [], shown: [] }));
    for (let round = 0; round < rounds; round++) {
      progress(`redaction: round ${round + 1}/${rounds}`);
      for (const { key, hidden, shown } of rotated(results, round)) {
        hidden.push(fastest(hiding.stream, KINDS[key], turns));
        shown.push(fastest(showing.stream, KINDS[key], turns));
      }
    }
    return results.map(({ key, hidden, shown }) => ({
      key,
      name: KINDS[key].name,
      hidden: sample(hidden),
      shown: sample(shown),
      ratio: ratio(hidden, shown),
    }));
  } finally {
    await hiding.app.close();
    await showing.app.close();
  }
}

/** @returns nanoseconds a record, of the fastest turn: other work on the machine only ever makes one slower */
function fastest(stream, { calls, record }, turns) {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) stream.publish(record);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / calls);
  }
  return best;
}

async function boot(options) {
  class Root {}
  Module({ imports: [LogStreamModule.forRoot({ logger: false, caller: 'never', history: false, ...options })] })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  const stream = app.get(LogStream);
  // Somebody reads all of a record, so that nothing of it is left for later.
  let read = 0;
  stream.records$.subscribe((record) => {
    read += record.message.length + Object.keys(record.extra).length;
  });
  return { app, stream, read: () => read };
} // prettier-ignore

function threeTexts(unit) {
  return { message: 'm', a: filled(unit, TEXT), b: filled(unit, TEXT), c: filled(unit, TEXT) };
}
