import { Logger } from '@nestjs/common';
import { bearerToken, runInStory } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { eventually } from '../harness/event-loop.js';
import { monitoredApp, type MonitoredApp } from '../harness/monitored-app.js';
import { produce, range } from '../harness/produce.js';
import { RunningCommand } from './harness/command.js';

type Settings = ConstructorParameters<typeof RunningCommand>[1];

function tail(app: MonitoredApp, args: string[] = [], settings?: Settings): RunningCommand {
  return new RunningCommand(['tail', `127.0.0.1:${app.port}`, ...args], settings);
}

/** Runs to its end. */
async function tailed(app: MonitoredApp, args: string[], settings?: Settings): Promise<RunningCommand> {
  const command = tail(app, args, settings);
  expect(await command.exitCode).toBe(0);
  return command;
}

function seqs({ stdout }: RunningCommand): number[] {
  return stdout.lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
}

describe('tail', () => {
  it('shows the last records and then those that come', async () => {
    await using app = await bareApp();
    await produce(app, 1, 31);
    await using command = tail(app, [], { columns: 80, env: { NO_COLOR: '1' } });
    await command.stdout.has(' 30 ');
    app.stream.publish({ message: 'High memory', level: 'WARNING', logger: 'Memory', memory_mb: 512 });
    await command.stdout.has('High memory');
    const { lines } = command.stdout;
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR root 21 kind=0$/);
    expect(lines[10]).toMatch(/ WARN {2}Memory High memory memory_mb=512$/);
    expect(command.stderr.text).toMatch(/^-- connected to ws:\/\/127\.0\.0\.1:\d+\/ws\/monitor \(.+\)\n$/);
    command.interrupt();
    expect(await command.exitCode).toBe(130);
  });

  it('shows the story of one request', async () => {
    await using app = await monitoredApp({ logger: false, story: true }).start();
    const logger = new Logger('job');
    for (const name of ['a', 'b'])
      runInStory(() => ['begins', 'ends'].map((end) => logger.log(`${name} ${end}`)));
    const { story } = [...app.stream.history].find(({ message }) => message === 'b begins')!;
    const { stdout } = await tailed(app, ['--request', story!.request_id, '--once', '--json']);
    const messages = stdout.lines.map((line) => (JSON.parse(line) as { data: object }).data);
    expect(messages).toMatchObject([{ message: 'b begins' }, { message: 'b ends' }]);
  });

  it('shows audit records with their action and metadata, once', async () => {
    await using app = await bareApp();
    app.stream.publish({
      message: 'Spawned',
      logger: 'audit.instance',
      action: 'instance_spawn',
      metadata: { instance_id: 'a1', role: 'worker', level: 3 },
      instance_id: 'a1',
      outcome: 'success',
    });
    const { stdout } = await tailed(app, ['--once']);
    expect(stdout.text).toMatch(
      / audit\.instance Spawned action=instance_spawn role=worker metadata\.level=3 instance_id=a1 outcome=success\n$/,
    );
  });

  it.each([
    [
      ['--category', 'audit'],
      [5, 10, 15, 20],
    ],
    [
      ['--category', 'both', '--level', 'error'],
      [7, 14],
    ],
    [['--action', 'co*', '--level', 'warn'], []],
    [['--search', 'ROOT 13 kind=1'], [13]],
    [['--where', 'kind=1', '--where', 'message=4'], [4]],
    [
      ['--not-where', 'kind=1', '--limit', '2'],
      [2, 3],
    ],
    [['--not-logger', 'ro*'], []],
    [
      ['--logger', 'x,ro*', '--not-action', 'count', '-n', '3'],
      [17, 18, 19],
    ],
    [
      ['--replay', '2'],
      [19, 20],
    ],
    [
      ['--limit', '4'],
      [1, 2, 3, 4],
    ],
  ])('takes filters as flags: %j', async (flags, expected) => {
    await using app = await bareApp();
    await produce(app, 1, 21);
    const replay = flags.includes('-n') || flags.includes('--replay') ? [] : ['-n', '100'];
    expect(seqs(await tailed(app, [...flags, ...replay, '--json', '--once']))).toEqual(expected);
  });

  it('takes the filter of the URL', async () => {
    await using app = await bareApp();
    await produce(app, 1, 21);
    const url = `http://127.0.0.1:${app.port}/ws/monitor?category=audit`;
    const command = new RunningCommand(['tail', url, '--json', '--once']);
    await command.exitCode;
    expect(seqs(command)).toEqual([5, 10, 15, 20]);
  });

  it.each([
    [{}, '/monitor'],
    [{}, '/monitor/?panel=1#x'],
    [{ path: '/logs', dashboard: { path: '/ops/page' } }, '/ops/page'],
  ])('finds the stream of a dashboard: %j %s', async (options, path) => {
    await using app = await bareApp(options);
    await produce(app, 1, 3);
    for (const scheme of ['http://', '']) {
      const command = new RunningCommand([
        'tail',
        `${scheme}127.0.0.1:${app.port}${path}`,
        '--json',
        '--once',
      ]);
      expect(await command.exitCode).toBe(0);
      expect(seqs(command)).toEqual([1, 2]);
    }
  });

  it('finds the stream of a dashboard that asks for a token', async () => {
    await using app = await bareApp({ authorize: bearerToken('0123456789abcdef') });
    const url = `http://127.0.0.1:${app.port}/monitor`;
    await tailed(app, ['--once', '--token', '0123456789abcdef']);
    for (const [token, code] of [
      ['0123456789abcdef', 0],
      ['another', 3],
    ] as const) {
      const command = new RunningCommand(['tail', url, '--once', '--token', token]);
      expect(await command.exitCode).toBe(code);
    }
  });

  it('writes records verbatim as JSON, harmless also in a terminal, and resumes behind one', async () => {
    await using app = await bareApp();
    await using client = await app.watchExtended();
    const message = 'a\u001b[2J\u009b1m\u202eb\u{e0041}c\u2028 ü 日本';
    app.stream.publish({ message, is_audit: true, action: 'x' });
    await produce(app, 2, 6);
    const command = await tailed(app, ['--json', '--once', '--utc']);
    const [line] = command.stdout.lines;
    expect(line).not.toMatch(/[^\x20-\x7eü日本]/);
    const item = JSON.parse(line!) as { cursor: string };
    await client.until(() => client.items.length > 0);
    expect(item).toEqual({ ...client.items[0], epoch: expect.any(String), cursor: expect.any(String) });
    expect(item).toMatchObject({ data: { message } });
    expect(seqs(await tailed(app, ['--json', '--once', '--after', item.cursor]))).toEqual(range(2, 6));
  });

  it('begins with a time, and says when the history does not reach back to it', async () => {
    await using app = await bareApp({ history: { records: 10 } });
    const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    for (const minutes of [50, 40, 30, 20, 10]) {
      app.stream.publish({ message: `${minutes} ago`, timestamp: at(minutes) });
    }
    expect(seqs(await tailed(app, ['--json', '--once', '--since', '35m']))).toEqual([3, 4, 5]);
    expect(seqs(await tailed(app, ['--json', '--once', '--since', at(15)]))).toEqual([5]);
    const all = await tailed(app, ['--json', '--once', '--since', '1d']);
    expect(seqs(all)).toEqual([1, 2, 3, 4, 5]);
    expect(all.stderr.text).not.toContain('reach');
    await produce(app, 1, 8);
    const some = await tailed(app, ['--json', '--once', '--since', '1d']);
    expect(seqs(some)).toEqual(range(3, 13));
    expect(some.stderr.text).toContain('begins with record 3');
    const enough = await tailed(app, ['--json', '--once', '--since', '25m']);
    expect(enough.stderr.text).not.toContain('reach');
    await using live = tail(app, ['--json', '--since', '1s', '--not-where', 'kind=1']);
    await live.stderr.has('connected');
    app.stream.publish({ message: 'of yesterday', timestamp: at(1_440), kind: 2 });
    await live.stdout.has('of yesterday');
  });

  it('shows gaps where they are, as lines and as JSON', async () => {
    await using app = await bareApp({ history: { records: 5 } });
    await produce(app, 1, 4);
    const [line] = (await tailed(app, ['--json', '--once', '-n', '1'])).stdout.lines;
    const { cursor } = JSON.parse(line!) as { cursor: string };
    await produce(app, 4, 21);
    const text = await tailed(app, ['--once', '--after', cursor]);
    expect(text.stdout.lines[0]).toBe('-- 12 records skipped: no longer in the history (4 to 15)');
    expect(text.stdout.lines).toHaveLength(6);
    const json = await tailed(app, ['--once', '--json', '--after', cursor]);
    expect(JSON.parse(json.stdout.lines[0]!)).toMatchObject({ type: 'gap', from: 4, to: 15, count: 12 });
  });

  it('comes back, says so, and what a restart has lost', async () => {
    const first = await bareApp();
    const { port } = first;
    await using command = tail(first, []);
    await command.stderr.has('connected to');
    await produce(first, 1, 3);
    await command.stdout.has(' 2 ');
    await first.close();
    await command.stderr.has('Trying again in');
    await using second = await bareApp({}, port);
    await produce(second, 7, 8);
    await command.stdout.has(' 7 ');
    await command.stderr.has('connected again');
    expect(command.stdout.lines[2]).toMatch(/^-- the application has restarted/);
  });

  it('keeps quiet when it shall', async () => {
    await using app = await bareApp();
    await produce(app, 1, 3);
    expect((await tailed(app, ['--once', '--quiet'])).stderr.text).toBe('');
  });

  it('shows a new day, and times in UTC', async () => {
    await using app = await bareApp();
    app.stream.publish({ message: 'old', timestamp: '2025-10-08T18:30:45.123Z' });
    app.stream.publish({ message: 'older', timestamp: '2025-10-08T19:00:00.000Z' });
    const { stdout } = await tailed(app, ['--once', '--utc']);
    expect(stdout.lines).toEqual([
      '-- 2025-10-08',
      '18:30:45.123Z INFO  root old',
      '19:00:00.000Z INFO  root older',
    ]);
  });

  it('does not read faster than it can write', async () => {
    await using app = await bareApp({ history: { records: 50_000 } });
    await using command = tail(app, ['--json']);
    await command.stderr.has('connected to');
    command.stdout.held = [];
    await produce(app, 1, 20_001, 500);
    const { held } = command.stdout;
    await eventually(() => app.gateway.fanOut.lag > 0 && app.gateway.fanOut.lag < 20_000);
    expect(command.stdout.writes).toBeLessThan(100);
    command.stdout.held = undefined;
    for (const done of held) done();
    await command.stdout.until(() => command.stdout.writes === 20_000);
    expect(seqs(command)).toEqual(range(1, 20_001));
  });
});

describe('the exit code', () => {
  const run = async (args: string[], settings?: Settings): Promise<{ code: number; said: string }> => {
    const command = new RunningCommand(args, settings);
    return { code: await command.exitCode, said: command.stderr.text };
  };

  it('is 1 when nobody answers, or the connection is lost for good', async () => {
    expect(await run(['tail', '127.0.0.1:1'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('ECONNREFUSED'),
    });
    await using app = await bareApp();
    const command = tail(app, ['--no-reconnect']);
    await command.stderr.has('connected');
    app.peers[0]!.terminate();
    expect(await command.exitCode).toBe(1);
    expect(command.stderr.text).toContain('nestjs-log-stream: ');
    expect(await run(['tail', `127.0.0.1:${app.port}/nowhere`])).toMatchObject({ code: 1 });
  });

  it('can wait for an application that is not there yet', async () => {
    const gone = await bareApp();
    const { port } = gone;
    await gone.close();
    await using command = new RunningCommand(['tail', `127.0.0.1:${port}`, '--wait']);
    await using app = await bareApp({}, port);
    await command.stderr.has('connected to');
    await produce(app, 1, 2);
    await command.stdout.has(' 1 ');
    expect(command.stdout.text).toContain(' 1 ');
  });

  it.each([
    [['tail']],
    [['tale', 'localhost']],
    [['tail', 'localhost', '--nonsense']],
    [['tail', 'ftp://localhost']],
    [['tail', 'local host']],
    [['tail', 'localhost', '--level', 'loud']],
    [['tail', 'localhost', '--level', 'constructor']],
    [['tail', 'localhost', '--replay', '-1']],
    [['tail', 'localhost', '--limit', '0']],
    [['tail', 'localhost', '--since', 'yesterday']],
    [['tail', 'localhost', '--where', 'nothing']],
    [['tail', 'localhost', '--category', 'other']],
    [['tail', 'localhost', '--since', '1h', '--replay', '3']],
    [['tail', 'localhost', '--not-logger', 'a', '--not-action', 'b']],
    [[]],
  ])('is 2 for wrong arguments, said in a line: %j', async (args) => {
    const { code, said } = await run(args);
    expect(code).toBe(2);
    expect(said).toMatch(/error:|Usage:/);
  });

  it('is 2 for what only the server finds wrong', async () => {
    await using app = await bareApp();
    const url = `127.0.0.1:${app.port}`;
    expect(await run(['tail', url, '--search', 'x'.repeat(300)])).toMatchObject({
      code: 2,
      said: expect.stringContaining('data.filter.search'),
    });
    expect(await run(['tail', `ws://${url}/ws/monitor?level=LOUD`])).toMatchObject({ code: 2 });
  });

  it('is 3 without permission, and the token comes by a flag or the environment', async () => {
    const token = 'with/chars+of=base64==';
    await using app = await bareApp({ authorize: bearerToken(token) });
    const url = `127.0.0.1:${app.port}`;
    expect(await run(['tail', url])).toMatchObject({
      code: 3,
      said: expect.stringContaining('LOG_STREAM_TOKEN'),
    });
    expect(await run(['tail', url, '--token', 'wrong'])).toMatchObject({ code: 3 });
    expect(await run(['tail', url, '--once', '--token', token])).toMatchObject({ code: 0 });
  });

  it('is 0 for help and version', async () => {
    for (const args of [['--help'], ['tail', '--help'], ['--version']]) {
      const command = new RunningCommand(args);
      expect(await command.exitCode).toBe(0);
      expect(command.stdout.text).toMatch(/Examples:|Commands:|^\d+\.\d+\.\d+/);
    }
  });
});

describe('colours', () => {
  it('of a message are shown in a terminal, and nowhere else', async () => {
    await using app = await bareApp();
    const message = '\u001b[31mred\u001b[0m and \u001b[1;94mblue\u001b[0m \u001b[2J';
    app.stream.publish({ message });
    const terminal = await tailed(app, ['--once'], { columns: 80 });
    expect(terminal.stdout.text).toContain(' \u001b[31mred\u001b[39m and ');
    expect(terminal.stdout.text).toContain('blue\u001b[');
    expect(terminal.stdout.text).toContain('␛[2J');
    for (const settings of [{}, { columns: 80, env: { NO_COLOR: '1' } }]) {
      const { stdout } = await tailed(app, ['--once'], settings);
      expect(stdout.text).toMatch(/ root red and blue ␛\[2J\n$/);
    }
    const json = await tailed(app, ['--once', '--json'], { columns: 80, env: { FORCE_COLOR: '1' } });
    expect(JSON.parse(json.stdout.text)).toMatchObject({ data: { message } });
    expect(json.stdout.text).not.toContain('\u001b');
  });

  const coloured = async (settings: Settings, ...flags: string[]): Promise<boolean> => {
    await using app = await bareApp();
    await produce(app, 7, 8);
    const { stdout } = await tailed(app, ['--once', ...flags], settings);
    return stdout.text.includes('\u001b[31mERROR');
  };

  it('are for terminals, unless somebody says otherwise', async () => {
    expect(await coloured({ columns: 80 })).toBe(true);
    expect(await coloured({})).toBe(false);
    expect(await coloured({ columns: 80, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ columns: 80, env: { NO_COLOR: '' } })).toBe(true);
    expect(await coloured({ columns: 80, env: { TERM: 'dumb' } })).toBe(false);
    expect(await coloured({ env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await coloured({ columns: 80, env: { FORCE_COLOR: '0' } })).toBe(false);
    expect(await coloured({ env: { NO_COLOR: '1' } }, '--color')).toBe(true);
    expect(await coloured({ columns: 80, env: { FORCE_COLOR: '1' } }, '--no-color')).toBe(false);
  });
});
