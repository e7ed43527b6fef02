import { readFileSync } from 'node:fs';
import { LOG_LEVELS } from 'nestjs-log-stream';
import { recordLogs } from 'nestjs-log-stream/testing';
import { describe, expect, it, vi } from 'vitest';
import { type Instance } from '../../sample-app/src/instances/instance.js';
import { SystemClock } from '../../sample-app/src/simulation/system-clock.js';
import { auditsOf, SampleApp } from '../harness/sample-app.js';
import { SampleProcess } from '../harness/sample-process.js';
import { SeededChance } from '../harness/simulation.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';

const ACTIONS = [
  'instance_spawn',
  'instance_terminate',
  'message_sent',
  'message_received',
  'tool_use',
  'state_change',
  'coordination_start',
  'coordination_complete',
  'error',
  'timeout',
] as const;

/** Where in the sample's source a system record comes from. */
function placeOf(file: string, functionName: string, code: string): object {
  const source = readFileSync(new URL(`../../sample-app/src/${file}`, import.meta.url), 'utf8');
  const line = source.split('\n').findIndex((text) => text.includes(code)) + 1;
  expect(line).toBeGreaterThan(0);
  return { module: file.replace(/^.*\//, '').replace(/\.ts$/, ''), function: functionName, line };
}

const SPAWN_PLACE = placeOf('instances/instances.service.ts', 'spawn', "'Instance spawned successfully'");

describe('the sample app', () => {
  it('shows a spawned instance as a system and an audit record that name its place and its request', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    const response = await app.post('/instances', { name: 'researcher', role: 'reader' });
    const instance = (await response.json()) as Instance;
    expect(response.status).toBe(201);
    expect(instance).toMatchObject({ name: 'researcher', role: 'reader', state: 'idle' });
    const request_id = response.headers.get('x-request-id');
    expect((await client.message('Instance spawned successfully')).data).toMatchObject({
      ...SPAWN_PLACE,
      level: 'INFO',
      logger: 'InstancesService',
      instance_id: instance.id,
      instance_name: 'researcher',
      request_id,
    });
    expect((await client.message('Instance researcher spawned')).data).toMatchObject({
      level: 'INFO',
      logger: 'audit.instance',
      action: 'instance_spawn',
      metadata: { instance_id: instance.id, role: 'reader' },
      instance_id: instance.id,
      event_type: 'spawn',
      request_id,
    });
  });

  it('answers 404 to the end of an unknown instance, with one ERROR and one audited failure', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    expect((await app.delete('/instances/unknown')).status).toBe(404);
    expect((await client.message('Instance not found')).data).toMatchObject({
      ...placeOf('instances/instances.service.ts', 'find', "'Instance not found'"),
      level: 'ERROR',
      instance_id: 'unknown',
    });
    await app.spawn('later');
    await client.message('Instance later spawned');
    expect(auditsOf(client, 'instance_terminate')).toEqual([
      expect.objectContaining({
        outcome: 'failure',
        message: 'Termination of instance unknown: failure',
        metadata: { instance_id: 'unknown' },
      }),
    ]);
    expect(client.frames.filter(({ data }) => data['level'] === 'ERROR')).toHaveLength(1);
  });

  it('answers 404 to work for an unknown instance, and audits that a coordination did not start', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    const { id } = await app.spawn('known');
    expect((await app.post('/instances/unknown/messages', { content: 'x' })).status).toBe(404);
    expect((await app.post('/coordinations', { instance_ids: [id, 'unknown'], task: 'x' })).status).toBe(404);
    const { data } = await client.frame((frame) => frame.data['action'] === 'coordination_start');
    expect(data).toMatchObject({ outcome: 'failure', error: { status: 404 } });
    expect(auditsOf(client, 'message_sent')).toEqual([]);
    expect(await (await app.request('/instances')).json()).toContainEqual(
      expect.objectContaining({ id, name: 'known', state: 'idle' }),
    );
  });

  it('audits each of its actions', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    const first = await app.spawn('first');
    const second = await app.spawn('second');
    const started = await app.post('/coordinations', {
      instance_ids: [first.id, second.id],
      task: 'Compare notes',
    });
    expect(started.status).toBe(201);
    const request_id = started.headers.get('x-request-id');
    expect((await app.post(`/instances/${first.id}/messages`, { content: '/hang' })).status).toBe(202);
    expect((await app.post(`/instances/${second.id}/messages`, { content: '/fail' })).status).toBe(202);
    await app.clock.advance(15_000);
    expect((await app.delete(`/instances/${first.id}`)).status).toBe(200);
    const byHand = ACTIONS.filter((action) => action !== 'tool_use');
    await Promise.all(byHand.map((action) => client.frame(({ data }) => data['action'] === action)));
    const ofRequest = (action: string): object[] =>
      auditsOf(client, action).filter((record) => record['request_id'] === request_id);
    expect(ofRequest('coordination_start')).toHaveLength(1);
    expect(ofRequest('coordination_complete')).toEqual([
      expect.objectContaining({ level: 'INFO', metadata: expect.objectContaining({ answered: 2 }) }),
    ]);
    const terminations = auditsOf(client, 'instance_terminate');
    expect(
      terminations.filter(({ metadata }) => (metadata as { instance_id?: string }).instance_id === first.id),
    ).toEqual([expect.objectContaining({ outcome: 'success' })]);
    expect((await client.message('Turn timed out')).data).toMatchObject({
      level: 'WARNING',
      timeout_ms: 4_000,
    });
    expect((await client.message('Turn failed')).data).toMatchObject({
      level: 'ERROR',
      error: {
        name: 'ModelUnavailableError',
        stack: expect.stringContaining('simulated-model.ts'),
        cause: { message: expect.stringContaining('ECONNREFUSED') },
      },
    });
  });

  it('follows a request through the work that outlives it', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    const { id } = await app.spawn('researcher');
    const response = await app.post(`/instances/${id}/messages`, { content: 'What is new?' });
    await app.clock.advance(2_900);
    const request_id = response.headers.get('x-request-id');
    expect((await client.message('Message received from researcher')).data).toMatchObject({ request_id });
  });

  it.each([
    ['/instances', {}],
    ['/instances', { name: '' }],
    ['/instances', { name: 'x', colour: 'red' }],
    ['/instances/any/messages', { content: 7 }],
    ['/coordinations', { instance_ids: [], task: 'x' }],
    ['/coordinations', { instance_ids: ['x'], task: 'x', strategy: 'chaos' }],
    ['/traffic/burst', { count: 0 }],
    ['/traffic/burst', { count: 50_001 }],
  ])('answers 400 to a wrong POST %s %j', async (path, body) => {
    await using app = await SampleApp.start();
    expect((await app.post(path, body)).status).toBe(400);
  });

  it('refuses to terminate the orchestrator, and has the refusal on record', async () => {
    await using app = await SampleApp.start();
    await using client = await app.watch();
    const instances = (await (await app.request('/instances')).json()) as Instance[];
    const { id } = instances.find(({ role }) => role === 'orchestrator')!;
    expect((await app.delete(`/instances/${id}`)).status).toBe(403);
    const { data } = await client.frame((frame) => frame.data['action'] === 'instance_terminate');
    expect(data).toMatchObject({ outcome: 'failure', reason: 'denied', error: { status: 403 } });
    expect(await (await app.request('/instances')).json()).toContainEqual(expect.objectContaining({ id }));
  });

  it('shows something of every kind within two seconds, and a whole outage within the first minute', async () => {
    await using app = await SampleApp.start(new SeededChance(7));
    using logs = recordLogs(app.app);
    await app.clock.advance(2_000);
    expect(new Set(logs.records.map(({ level }) => level))).toEqual(
      new Set(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
    );
    expect(logs.matching({ level: 'ERROR', error: { cause: { name: 'SyntaxError' } } })).toHaveLength(1);
    expect(logs.matching({ action: 'coordination_start', outcome: 'success' })).toHaveLength(1);
    logs.clear();
    await app.clock.advance(58_000);
    expect(logs.matching({ logger: 'app.provider' }).map(({ level }) => level)).toEqual([
      'WARNING',
      'ERROR',
      'ERROR',
      'ERROR',
      'CRITICAL',
      'INFO',
    ]);
    expect(logs.matching({ outcome: 'failure' })).not.toEqual([]);
    expect(logs.matching({ message: /\n {2}✗ / })).not.toEqual([]);
    expect(logs.matching(({ message }) => message.length > 1_500)).not.toEqual([]);
  });

  it('is worth watching without being used, and no flood', async () => {
    await using app = await SampleApp.start(new SeededChance(7));
    const seen: string[] = [];
    app.stream.records$.subscribe(({ level, action }) => seen.push(level, String(action)));
    const seconds = 600;
    await app.clock.advance(seconds * 1_000);
    expect(new Set(seen)).toEqual(new Set([...LOG_LEVELS, 'undefined', ...ACTIONS]));
    const perSecond = seen.length / 2 / seconds;
    expect(perSecond).toBeGreaterThan(3);
    expect(perSecond).toBeLessThan(8);
  });

  it('is the same in every run of a test', async () => {
    const run = async (): Promise<unknown[]> => {
      await using app = await SampleApp.start(new SeededChance(3));
      using logs = recordLogs(app.app);
      await app.clock.advance(30_000);
      return logs.records.map(({ level, logger, message }) => [
        level,
        logger,
        message.replaceAll(/[\da-f]{8}/g, 'ID'),
      ]);
    };
    const first = await run();
    expect(first.length).toBeGreaterThan(90);
    expect(await run()).toEqual(first);
  });

  it('logs a burst on demand, numbered and of several kinds', async () => {
    await using app = await SampleApp.start();
    using logs = recordLogs(app.app);
    const response = await app.post('/traffic/burst', { count: 1_100 });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    const burst = logs.matching({ burst: id });
    expect(burst.map(({ n }) => n)).toEqual(Array.from({ length: 1_100 }, (_, index) => index + 1));
    expect(new Set(burst.map(({ level }) => level))).toEqual(new Set(['DEBUG', 'INFO', 'WARNING', 'ERROR']));
    expect(logs.audit.filter((record) => record['burst'] === id).length).toBeGreaterThan(50);
    expect(await (await app.post('/traffic/burst', {})).json()).toMatchObject({ count: 2_000 });
  });

  it('lets no simulated work outlive the app', () => {
    vi.useFakeTimers();
    try {
      const clock = new SystemClock();
      const work = vi.fn();
      clock.after(10, work);
      clock.onModuleDestroy();
      clock.after(10, work);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('serves a start page that can load nothing from elsewhere', async () => {
    await using app = await SampleApp.start();
    const page = await app.request('/');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(await page.text()).not.toMatch(/<script>|<style>|style=|onclick=|https:\/\//);
    expect(await (await app.request('/')).text()).toContain('href="/monitor"');
    for (const name of ['start-page', 'agents', 'plain-client']) {
      const script = await app.request(`/start-page/${name}.js`);
      expect(script.headers.get('content-type')).toContain('text/javascript');
      expect(await script.text()).not.toContain('innerHTML');
    }
    expect((await app.request('/start-page/style.css')).headers.get('content-type')).toContain('text/css');
  });

  it.each(['nothing.js', '..%2fpage.ts', '%2e%2e%2fpage.ts', '..%5cpage.ts'])(
    'serves no other file as a script: %s',
    async (name) => {
      await using app = await SampleApp.start();
      expect((await app.request(`/start-page/${name}`)).status).toBe(404);
    },
  );
});

describe('the built sample app', () => {
  it.skipIf(!withSqlite)('keeps an audit trail, says where, and lets the dashboard search it', async () => {
    await using app = new SampleProcess('main.js');
    const address = await app.address();
    expect(app.output).toMatch(/kept and signed in\n\n {2}\S+audit\.db\n/);
    expect(await app.leftBehind()).toHaveLength(1);
    expect(await (await fetch(`${address}/monitor`)).text()).toContain('content="./monitor/audit"');
    const page = (await (await fetch(`${address}/monitor/audit?action=instance_spawn`)).json()) as {
      entries: { kind: string }[];
    };
    expect(page.entries.length).toBeGreaterThan(0);
  });

  it('names its TypeScript source, and ends on SIGTERM', async () => {
    await using app = new SampleProcess('main.js');
    const address = await app.address();
    await using client = await app.watch();
    await fetch(`${address}/instances`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'researcher' }),
    });
    await client.frame(({ type }) => type === 'audit_log');
    const { data } = await client.frame((frame) => frame.data['instance_name'] === 'researcher');
    expect(data).toMatchObject({ ...SPAWN_PLACE, message: 'Instance spawned successfully' });
    const closed = client.closed();
    app.signal('SIGTERM');
    expect((await closed).code).toBe(1001);
    const { code, signal } = await app.ended();
    expect(signal ?? code).toBeOneOf([0, 'SIGTERM']);
    expect(await app.leftBehind()).toEqual([]);
  });

  it('prints both categories side by side in the demo', async () => {
    await using demo = new SampleProcess('demo.js', '3');
    expect(await demo.ended()).toEqual({ code: 0, signal: null });
    expect(demo.output).toMatch(/^SYSTEM +│ AUDIT$/m);
    expect(demo.output).toMatch(/INFO {2}Instance spawned successfully +│ .* INFO {2}instance_spawn: /);
    expect(demo.output).toMatch(/^ {2}audit +0 +[1-9]/m);
    expect(demo.output).not.toContain('[Nest]');
    expect(demo.output).not.toContain('\u001b');
  });

  it('ends the demo quietly when nobody reads it any more', async () => {
    await using demo = new SampleProcess('demo.js', '60');
    await vi.waitFor(() => expect(demo.output).toContain('SYSTEM'), 10_000);
    demo.stopReading();
    expect(await demo.ended()).toEqual({ code: 0, signal: null });
    expect(demo.output).not.toContain('EPIPE');
  });
});
