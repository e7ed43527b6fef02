import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClientSession } from '../../../src/monitor/session/client-session.js';
import { SHUTDOWN } from '../../../src/monitor/session/farewell.js';
import { drain } from '../../../src/monitor/session/drain.js';
import { eventually, turns } from '../../harness/event-loop.js';

/** As much of a session as a shutdown sees. */
class Client {
  closing = false;
  drained = false;
  unsent = 0;
  readonly close = vi.fn(() => void (this.closing = true));
}

describe('a shutdown', () => {
  let clients: Set<Client>;
  let looks: number;
  let done: Promise<void> | undefined;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    clients = new Set();
    looks = 0;
    done = undefined;
  });
  afterEach(() => void vi.useRealTimers());

  const a = (fields: Partial<Client> = {}): Client => {
    const client = Object.assign(new Client(), fields);
    clients.add(client);
    return client;
  };

  const start = (): void => {
    const sessions = clients as unknown as ReadonlySet<ClientSession>;
    done = drain(sessions, () => (looks += 1), SHUTDOWN);
  };

  /** Until they were looked at again, at a time so much later. */
  const later = async (ms: number): Promise<void> => {
    vi.advanceTimersByTime(ms);
    const before = looks;
    let over = false;
    void done!.then(() => (over = true));
    await eventually(() => looks > before || over);
    await turns(1);
  };

  it('says goodbye at once to who has everything, after what waits for a flush is written', async () => {
    const [one, other] = [a({ drained: true }), a({ drained: true })];
    one.close.mockImplementation(() => {
      expect(looks).toBe(1);
      one.closing = true;
    });
    start();
    await done;
    expect(looks).toBe(1);
    for (const { close } of [one, other]) expect(close.mock.calls).toEqual([[SHUTDOWN]]);
  });

  it('waits for who is behind and reads, and for nobody else', async () => {
    const behind = a({ unsent: 5_000 });
    const ready = a({ drained: true });
    start();
    expect(ready.closing).toBe(true);
    for (const unsent of [4_000, 5_000, 3_000]) {
      behind.unsent = unsent;
      await later(900);
      expect(behind.closing).toBe(false);
    }
    behind.drained = true;
    await later(0);
    await done;
    expect(behind.close).toHaveBeenCalledTimes(1);
    expect(ready.close).toHaveBeenCalledTimes(1);
  });

  it('does not wait longer than a second for who takes nothing', async () => {
    const stalled = a({ unsent: 1_000_000 });
    start();
    await later(999);
    expect(stalled.closing).toBe(false);
    await later(1);
    expect(stalled.closing).toBe(true);
    await done;
  });

  it('does not wait longer than three seconds, however eagerly somebody reads', async () => {
    const endless = a({ unsent: 1 });
    start();
    for (let waited = 0; waited < 2_900; waited += 100) {
      endless.unsent += 1;
      await later(100);
      expect(endless.closing).toBe(false);
    }
    await later(100);
    expect(endless.closing).toBe(true);
    await done;
  });

  it('waits for nobody who goes by himself, or was told to go', async () => {
    const leaves = a({ unsent: 1 });
    const told = a({ unsent: 1, closing: true });
    start();
    clients.delete(leaves);
    await later(0);
    await done;
    expect(leaves.close).not.toHaveBeenCalled();
    expect(told.close).not.toHaveBeenCalled();
  });

  it('is over at once where nobody is', async () => {
    start();
    await done;
    expect(looks).toBe(1);
  });
});
