import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const COMMON = new URL('node_modules/@nestjs/common/package.json', import.meta.url);
const isInstalled = existsSync(COMMON);

describe.skipIf(!isInstalled)(
  `the contract, e2e and audit tests${isInstalled ? '' : ' (need `npm ci --prefix test/nest-11`)'}`,
  () => {
    it('run on Nest 11', async () => {
      const { version } = JSON.parse(readFileSync(COMMON, 'utf8')) as { version: string };
      expect(version).toMatch(/^11\./);
      // Nest 12 reads structured params, and has this for them.
      const { ConsoleLogger } = await import('@nestjs/common');
      expect('extractJsonError' in ConsoleLogger.prototype).toBe(false);
    });
  },
);
