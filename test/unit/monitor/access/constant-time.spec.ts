import fc from 'fast-check';
import { basicAuth, bearerToken, LogStreamTickets } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/monitor/access/secret.js';
import { Secrets } from '../../../../src/monitor/access/secrets.js';
import { runs } from '../../../harness/property-runs.js';
import { aRequest, basic, bearer } from './a-request.js';

/** Texts that a guesser tries: near the secret, far from it, of any length. */
const guessesAt = (secret: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(secret),
    fc.nat({ max: secret.length }).map((length) => secret.slice(0, length)),
    fc.string().map((more) => secret + more),
    fc.string({ maxLength: 5_000 }),
  );

describe('a secret', () => {
  it('is matched by itself alone, whatever the length of the guess and however much of it is right', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).chain((secret) => fc.tuple(fc.constant(secret), guessesAt(secret))),
        ([secret, guess]) => {
          expect(new Secret(secret).matches(guess)).toBe(guess === secret);
        },
      ),
      { numRuns: runs(1_000) },
    );
  });

  it('of many tells its owner, wherever it stands among them', () => {
    const owners = ['a', 'b', 'c'].map((secret) => [secret, { id: secret }] as const);
    const secrets = new Secrets(owners);
    expect(['a', 'b', 'c'].map((secret) => secrets.ownerOf(secret))).toEqual(
      owners.map(([, owner]) => owner),
    );
    expect(['', 'ab', 'A', 'd'].map((guess) => secrets.ownerOf(guess))).toEqual(Array(4).fill(undefined));
  });

  it('is looked at to the last, also behind the right one: stopping there would tell by time which it was', () => {
    // What was given counts, and in the end the last of equals wins: only who looks at all of them can know.
    const secrets = new Secrets([
      ['same', { id: 'first' }],
      ['other', { id: 'other' }],
      ['same', { id: 'last' }],
    ]);
    expect(secrets.ownerOf('same')).toEqual({ id: 'last' });
  });
});

describe('a guess of any length is refused, never an error', () => {
  it.each(['no', 'x'.repeat(5_000), '\u{1f600}'.repeat(50)])('a token: %s', async (token) => {
    expect(await bearerToken(['a', 'b'])(aRequest({ authorization: `Bearer ${token}` }))).toBeFalsy();
  });

  it.each(['ann:wrong', 'nobody:a', ':', 'ann:', `ann:${'x'.repeat(5_000)}`])(
    'a password: %s',
    async (pair) => {
      expect(await basicAuth({ ann: 'a', bob: 'b' })(basic(pair))).toBeFalsy();
    },
  );

  it('a signature of a ticket', async () => {
    const tickets = new LogStreamTickets();
    const ticket = tickets.issue({ id: 'ann' });
    for (const forged of [`${ticket.slice(0, -4)}AAAA`, ticket.slice(0, -1), `${ticket}A`, '.', '']) {
      expect(await tickets.authorize(aRequest({}, `/?ticket=${forged}`))).toBeFalsy();
    }
    expect(await tickets.authorize(aRequest({}, `/?ticket=${ticket}`))).toMatchObject({ id: 'ann' });
  });

  it('a credential of the other kind', async () => {
    expect(await bearerToken('a')(basic('a:a'))).toBeFalsy();
    expect(await basicAuth({ a: 'b' })(bearer('a'))).toBeFalsy();
  });
});
