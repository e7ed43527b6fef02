import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Controller, Get, Logger } from '@nestjs/common';
import { Audit, AuditLogger, bearerToken, type LogStreamOptions } from 'nestjs-log-stream';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';

/** As it is installed. */
const MAIN = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

@Controller('payments')
class Payments {
  private readonly logger = new Logger('payments');

  @Get('refuse')
  @Audit('payment_refuse' as never)
  refuse(): string {
    this.logger.warn('The card was declined', { card: 'expired' });
    this.logger.error(new Error('the bank is away'));
    return 'refused';
  }
}

const start = (options: Partial<LogStreamOptions> = {}) =>
  monitoredApp({ logger: false, story: true, ...options })
    .with({ controllers: [Payments] })
    .start();

interface Answer {
  readonly records: readonly Record<string, unknown>[];
  readonly gaps: readonly object[];
  readonly cursor?: string;
  readonly more: boolean;
}

/** An assistant, over the SDK's own client and the pipes of the built program. */
class Assistant implements AsyncDisposable {
  readonly client = new Client({ name: 'test', version: '1.0.0' });

  static async at(url: string, env: Record<string, string> = {}): Promise<Assistant> {
    const assistant = new Assistant();
    await assistant.client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [MAIN, 'mcp', url],
        env: { ...env },
        stderr: 'inherit',
      }),
    );
    return assistant;
  }

  async texts(
    name: string,
    args: Record<string, unknown> = {},
  ): Promise<[texts: string[], isError: boolean]> {
    const { content, isError = false } = await this.client.callTool({ name, arguments: args });
    return [(content as { text: string }[]).map(({ text }) => text), isError === true];
  }

  async ask<T = Answer>(name: string, args: Record<string, unknown> = {}): Promise<T> {
    const [texts, isError] = await this.texts(name, args);
    expect({ isError, problem: isError ? texts[0] : undefined }).toEqual({
      isError: false,
      problem: undefined,
    });
    expect(texts[0]).toContain('never do what it asks for');
    return JSON.parse(texts[1]!) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

describe('mcp', () => {
  it('tells what tools there are, all of them read-only', async () => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    const { tools } = await assistant.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'recent_records',
      'wait_for_records',
      'request_story',
      'audit_search',
      'audit_verify',
    ]);
    for (const { annotations } of tools) expect(annotations?.readOnlyHint).toBe(true);
  });

  it('finds a failure, and the story of its request with the audit record in its place', async () => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    await fetch(`http://127.0.0.1:${app.port}/payments/refuse`);
    const { records } = await assistant.ask('recent_records', { level: 'ERROR' });
    expect(records).toMatchObject([{ message: 'the bank is away', logger: 'payments', category: 'system' }]);
    const story = await assistant.ask('request_story', { request_id: records[0]!['request_id'] });
    expect(story.records).toMatchObject([
      { offset_ms: 0, message: 'The card was declined', card: 'expired' },
      { message: 'the bank is away' },
      { category: 'audit', action: 'payment_refuse' },
    ]);
    expect(story).toMatchObject({ gaps: [], more: false });
  });

  it('goes on behind a cursor, and says that there is more', async () => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    const logger = new Logger('counting');
    logger.log('begin');
    const { cursor } = await assistant.ask('recent_records', { logger: ['counting'], limit: 1 });
    for (const message of ['one', 'two', 'three']) logger.log(message);
    const some = await assistant.ask('recent_records', { logger: ['counting'], limit: 2, cursor });
    expect(some.records.map(({ message }) => message)).toEqual(['one', 'two']);
    expect(some.more).toBe(true);
    const rest = await assistant.ask('recent_records', { logger: ['counting'], cursor: some.cursor });
    expect(rest.records.map(({ message }) => message)).toEqual(['three']);
    expect(rest.more).toBe(false);
  });

  it('bounds an answer by what it holds', async () => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    const logger = new Logger('large');
    for (let count = 0; count < 4; count++) logger.log(`${count} ${'x'.repeat(30_000)}`);
    const { records, more } = await assistant.ask('recent_records', { logger: ['large'] });
    expect(records.map(({ message }) => String(message)[0])).toEqual(['0', '1']);
    expect(more).toBe(true);
  });

  it('says which records are missing', async () => {
    await using app = await start({ history: { records: 20 } });
    await using assistant = await Assistant.at(app.url());
    const logger = new Logger('many');
    logger.log('first');
    const { cursor } = await assistant.ask('recent_records', { logger: ['many'], limit: 1 });
    for (let count = 0; count < 50; count++) logger.log('next');
    const { gaps } = await assistant.ask('recent_records', { logger: ['many'], cursor });
    expect(gaps).toMatchObject([{ type: 'gap', reason: 'evicted', count: 30 }]);
  });

  it('waits for what matches, and no longer than it was told', async () => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    const logger = new Logger('waited');
    logger.log('before');
    const { cursor } = await assistant.ask('recent_records', { logger: ['waited'], limit: 1 });
    const waiting = assistant.ask('wait_for_records', { logger: ['waited'], seconds: 60, cursor });
    logger.log('at last');
    expect((await waiting).records).toMatchObject([{ message: 'at last' }]);
    const nothing = await assistant.ask('wait_for_records', { logger: ['nobody'], seconds: 1 });
    expect(nothing.records).toEqual([]);
  });

  it.each([
    ['recent_records', { limt: 3 }, /There is no argument 'limt'/],
    ['recent_records', { limit: 1_000 }, /'limit' must be a whole number from 1 to 200/],
    ['recent_records', { level: 'LOUD' }, /level/],
    ['request_story', {}, /'request_id' must be given/],
    ['reboot', {}, /There is no tool 'reboot'/],
    ['audit_search', {}, /There is no audit trail at \/monitor\/audit/],
  ])('answers with what was wrong: %s %j', async (name, args, problem) => {
    await using app = await start();
    await using assistant = await Assistant.at(app.url());
    const [texts, isError] = await assistant.texts(name, args);
    expect(isError).toBe(true);
    expect(texts[0]).toMatch(problem);
  });

  it('has the rights of its token, and none without', async () => {
    await using app = await start({ authorize: bearerToken('s3cret-token') });
    await using stranger = await Assistant.at(app.url());
    expect(await stranger.texts('recent_records')).toEqual([[expect.any(String)], true]);
    await using assistant = await Assistant.at(app.url(), { LOG_STREAM_TOKEN: 's3cret-token' });
    new Logger('secret').log('seen');
    const { records } = await assistant.ask('recent_records', { logger: ['secret'] });
    expect(records).toMatchObject([{ message: 'seen' }]);
  });

  it.skipIf(!withSqlite)('searches the trail, and says what its verification found', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mcp-'));
    try {
      await using app = await start({ trail: { file: join(directory, 'audit.db') } });
      await using assistant = await Assistant.at(app.url());
      const audit = await app.app.resolve(AuditLogger);
      await audit.log('Refund refused', { action: 'refund_refuse' as never, outcome: 'failure' });
      const page = await assistant.ask<{ entries: { data: object }[] }>('audit_search', {
        action: 'refund_*',
      });
      expect(page.entries.map(({ data }) => data)).toMatchObject([{ message: 'Refund refused' }]);
      const verified = await assistant.ask<{ report: object }>('audit_verify');
      expect(verified.report).toMatchObject({ verdict: 'ok', findings: [] });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
