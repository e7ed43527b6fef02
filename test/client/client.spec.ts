import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/index.js';
import { bareApp } from '../harness/bare-app.js';
import { numbered } from '../harness/produce.js';

describe('a client', () => {
  it('yields records', async () => {
    await using app = await bareApp();
    app.stream.publish(numbered(1));
    await using client = connect(app.url(), { replay: { last: 5 } });
    await client.ready;
    app.stream.publish(numbered(2));
    const seen = [];
    for await (const item of client) {
      seen.push(item);
      if (seen.length === 2) break;
    }
    expect(seen).toMatchObject([{ seq: 1 }, { seq: 2 }]);
  });
});
