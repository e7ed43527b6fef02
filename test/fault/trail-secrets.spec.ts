import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { Audit, AuditLogger, auditLog, AuditTrail, InjectAuditLogger } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { hasSqlite, rawDatabase, TrailDirectory, verified, whyNoSqlite } from '../trail/store/a-trail.js';
import { so } from './deadline.js';
import { reportTrail } from './finding.js';
import { entriesOf } from './trail/stored-trail.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const BEARER = 'mF_9B5f41JqMq7x2TzKw';
const CARD = '4111 1111 1111 1111';
const PASSWORD = 'hunter2-correct-horse';

/** What must stand nowhere, in any of the forms that files have. */
const SECRETS: Readonly<Record<string, string>> = {
  jwt: JWT,
  'payload of the jwt': 'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  bearer: BEARER,
  card: CARD,
  'card in one piece': CARD.replaceAll(' ', ''),
  password: PASSWORD,
};

/** All of them, in texts, in fields, deep inside, and in an error. */
const TEXT = `paid with ${CARD}, Authorization: Bearer ${BEARER}, session ${JWT}`;
const FIELDS = {
  password: PASSWORD,
  note: TEXT,
  nested: { list: [{ passwd: PASSWORD, token: JWT }, TEXT], number: 4111111111111111 },
  authorization: `Bearer ${BEARER}`,
};
const failure = (): Error =>
  Object.assign(new Error(TEXT, { cause: new Error(TEXT) }), { password: PASSWORD });

@Controller()
class Payments {
  readonly logger = new Logger('Payments');

  constructor(@InjectAuditLogger('payments') readonly audit: AuditLogger) {}

  @Post('open')
  @HttpCode(200)
  @Audit('open_payment' as never, { include: { args: true, result: true }, target: () => ({ id: TEXT }) })
  open(@Body() body: object): object {
    return { ...body };
  }

  @Post('closed')
  @HttpCode(200)
  @Audit('closed_payment' as never, {
    failure: 'closed',
    include: { args: true, result: true },
    metadata: () => FIELDS,
    actor: () => ({ id: 'u1', note: TEXT }) as never,
    message: TEXT,
  })
  async closed(@Body() body: object): Promise<object> {
    return Promise.resolve({ ...body });
  }

  @Post('failing')
  @Audit('failing_payment' as never, { include: { args: true }, errors: 'full' as never })
  async failing(@Body() _body: object): Promise<never> {
    return Promise.reject(failure());
  }
}

describe.skipIf(!hasSqlite)(`Secrets${whyNoSqlite}`, () => {
  it('stand in no byte of what the trail and the stream write', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const app = await monitoredApp({
      logger: false,
      trail: { file, space: { lowBytes: 0, ballastBytes: 65_536 }, checkpoint: { records: 5 } },
    })
      .with({ controllers: [Payments] })
      .start();
    await using watching = await app.watchExtended();
    await using reading = await app.read();
    const payments = app.get(Payments);
    const body = JSON.stringify(FIELDS);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${BEARER}` };
    const everything = async (): Promise<void> => {
      await payments.audit
        .log(TEXT, { action: TEXT as never, metadata: FIELDS, ...FIELDS })
        .catch(() => undefined);
      await payments.audit
        .log('failed', { action: 'paid' as never, error: failure() } as never)
        .catch(() => undefined);
      await auditLog(payments.logger, TEXT, { action: 'paid' as never, metadata: FIELDS, ...FIELDS });
      payments.logger.error(`[AUDIT] ${TEXT}`, failure());
      payments.logger.log(TEXT, { is_audit: true, ...FIELDS });
      for (const path of ['open', 'closed', 'failing'])
        await app.request(`/${path}`, { method: 'POST', body, headers });
    };
    await everything();
    // And now into the spool.
    using other = rawDatabase(file);
    other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    await everything();
    const trail = app.get(AuditTrail);
    await so(() => trail.status.spooled >= 5, 'entries in the spool');
    const files = filesOf(directory.path);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['audit.db-wal', 'audit.db.spool']));
    expect(files['audit.db.spool']!.toString()).toContain('[REDACTED]');
    expect(found(files)).toEqual([]);
    other.exec('ROLLBACK');
    await so(() => trail.status.spooled === 0, 'the spool is empty');
    await trail.checkpoint();
    const streams = {
      websocket: Buffer.from(watching.client.texts.join('\n')),
      http: Buffer.from(reading.text),
    };
    expect(streams.websocket.length).toBeGreaterThan(10_000);
    expect(streams.http.length).toBeGreaterThan(10_000);
    const page = await trail.query();
    await app.close();
    const closed = filesOf(directory.path);
    expect(found({ ...closed, ...streams, query: Buffer.from(JSON.stringify(page)) })).toEqual([]);
    // Where there is nothing, nothing can be found.
    const entries = entriesOf(file);
    const kinds = new Set(entries.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['intent', 'record']);
    expect(entries.length).toBeGreaterThan(12);
    expect(found({ sought: Buffer.from(JSON.stringify({ FIELDS, TEXT })) }).length).toBeGreaterThan(4);
    const { verdict } = await verified(file);
    expect(verdict).toBe('ok');
    reportTrail(test, {
      what: 'secrets: a JWT, a bearer token, a card number and password fields',
      load: `in messages, actions, extra fields, metadata, errors and their causes, arguments, results, targets, actors and intents`,
      outcome: `in no byte of ${Object.keys({ ...files, ...closed }).join(', ')}, of a query's answer, nor of what a WebSocket and an event stream got`,
      acknowledged: entries.length,
      counted: 0,
      lost: 0,
    });
  });
});

/** The key is no text of ours, and the ballast is chance. */
function filesOf(directory: string): Record<string, Buffer> {
  const names = readdirSync(directory).filter((name) => !/\.(?:key$|ballast|lock)/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name))]));
}

function found(places: Readonly<Record<string, Buffer>>): string[] {
  return Object.entries(places).flatMap(([place, bytes]) =>
    Object.entries(SECRETS)
      .filter(([, secret]) => bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'utf16le')))
      .map(([name]) => `${name} in ${place}`),
  );
}
