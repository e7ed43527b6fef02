import * as crypto from 'node:crypto';
import { basicAuth, bearerToken, LogStreamTickets } from 'nestjs-log-stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRequest, basic, bearer } from './a-request.js';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const compare = vi.mocked(crypto.timingSafeEqual);

describe('comparing secrets takes the same time for every guess', () => {
  beforeEach(() => void compare.mockClear());

  it.each(['a', 'b', 'c', 'no', '', 'x'.repeat(5_000)])(
    'a token is compared with all, by hashes of one length: "%s"',
    async (token) => {
      await bearerToken(['a', 'b', 'c'])(aRequest({ authorization: `Bearer ${token || '-'}` }));
      expect(compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength])).toEqual([
        [32, 32],
        [32, 32],
        [32, 32],
      ]);
    },
  );

  it.each(['ann:a', 'ann:wrong', 'nobody:a', 'bob:b'])(
    'a user and its password likewise: %s',
    async (pair) => {
      await basicAuth({ ann: 'a', bob: 'b' })(basic(pair));
      expect(compare).toHaveBeenCalledTimes(2);
    },
  );

  it('the signature of a ticket likewise', async () => {
    const tickets = new LogStreamTickets();
    const ticket = tickets.issue({ id: 'ann' });
    await tickets.authorize(aRequest({}, `/?ticket=${ticket.slice(0, -4)}AAAA`));
    await tickets.authorize(aRequest({}, `/?ticket=${ticket}`));
    expect(compare).toHaveBeenCalledTimes(2);
  });

  it('nothing is compared that was not sent', async () => {
    await bearerToken('a')(aRequest());
    await basicAuth({ a: 'b' })(bearer('a'));
    expect(compare).not.toHaveBeenCalled();
  });
});
