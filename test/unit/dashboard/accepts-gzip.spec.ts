import { type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { acceptsGzip } from '../../../src/dashboard/accepts-gzip.js';

describe('Who takes gzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['br', false],
    ['gzip', true],
    ['x-gzip', true],
    ['GZIP', true],
    ['gzip, deflate, br, zstd', true],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, *', false],
    ['*;q=0', false],
    ['gzip;q=x', false],
    ['notgzip', false],
  ])('by `Accept-Encoding: %s`: %s', (header, expected) => {
    const headers = header === undefined ? {} : { 'accept-encoding': header };
    expect(acceptsGzip({ headers } as IncomingMessage)).toBe(expected);
  });
});
