import { type Random } from './random.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One message of a client, well framed whatever it says. */
export interface InboundMessage {
  readonly binary: boolean;
  readonly payload: Buffer;
}

/** Below the 64 KiB that one message may have. */
const LARGEST = 60_000;

const NAMES = ['event', 'data', 'id', 'filter', 'replay', 'not', 'where', 'logger', 'level', 'last', 'after'];
const HOSTILE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  '\u0000',
  '../..',
  'then',
];
const HOSTILE_TEXTS = [
  '',
  '*'.repeat(250),
  '*a'.repeat(120),
  '\u001b]0;owned\u0007\u001b[2J',
  '\u202e\u0000\ufeff\u2028',
  '[AUDIT] forged',
  '<script>alert(1)</script>',
  '(a+)+$',
  '%s%n%j',
  '\ud800',
  'x'.repeat(257),
];
const HOSTILE_NUMBERS = [0, -0, -1, 0.5, 1e308, 2 ** 53, -(2 ** 53), 2 ** 31, 10_000_000, 10_000_001];

/** Valid requests, mutated requests, arbitrary JSON, broken text and binary, in this order of frequency. */
export function inboundMessage(random: Random): InboundMessage {
  const kind = random.next();
  if (kind < 0.2) return text(JSON.stringify(request(random)));
  if (kind < 0.65) return text(JSON.stringify(mutated(request(random), random)));
  if (kind < 0.75) return text(JSON.stringify(anyJson(random, 4)));
  if (kind < 0.9) return text(broken(JSON.stringify(request(random)), random));
  if (kind < 0.95) return { binary: true, payload: random.bytes(random.integer(0, 200)) };
  if (kind < 0.99) return text(nested(random));
  return text(`{"event":"${'x'.repeat(random.integer(1_000, LARGEST))}"}`);
}

function text(value: string): InboundMessage {
  return { binary: false, payload: Buffer.from(value).subarray(0, LARGEST) };
}

/** A request as docs/protocol.md describes it. */
function request(random: Random): Json {
  const id: { id?: Json } = random.chance(0.7) ? { id: random.pick<Json>([random.integer(0, 99), 'q']) } : {};
  switch (random.integer(0, 6)) {
    case 0:
      return { event: 'hello', data: { v: 1 }, ...id };
    case 1:
      return { event: 'subscribe', data: { filter: filter(random, 3) }, ...id };
    case 2: {
      const last = random.integer(0, 500);
      return { event: 'subscribe', data: { filter: filter(random, 1), replay: { last } }, ...id };
    }
    case 3:
      return { event: 'subscribe', data: { replay: { after: `k${random.integer(0, 9)}-${'z'} ` } }, ...id };
    case 4:
      return {
        event: 'history',
        data: { from: random.integer(1, 500), limit: random.integer(1, 50) },
        ...id,
      };
    default:
      return { event: random.pick(['pause', 'resume', 'ping']), ...id };
  }
}

function filter(random: Random, depth: number): Json {
  const all: { [key: string]: Json } = {
    category: random.pick(['system', 'audit']),
    level: random.pick(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
    levels: ['ERROR', 'CRITICAL'],
    logger: random.pick<Json>(['app.*', ['*', 'audit.*']]),
    action: 'user_*',
    search: 'canary',
    where: { 'metadata.role': 'admin', n: random.integer(0, 99) },
  };
  if (depth > 0 && random.chance(0.4)) all['not'] = filter(random, depth - 1);
  return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.4)));
}

/** Changes one to three places somewhere in a value. */
function mutated(value: Json, random: Random): Json {
  let result = value;
  for (let times = random.integer(1, 3); times > 0; times--) result = mutatedOnce(result, random);
  return result;
}

function mutatedOnce(value: Json, random: Random): Json {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return anyJson(random, 2);
  if (Array.isArray(value)) {
    if (random.chance(0.3)) return Array.from({ length: 40 }, () => anyJson(random, 0));
    return value.map((item) => (random.chance(0.5) ? mutatedOnce(item, random) : item));
  }
  const entries = Object.entries(value);
  const at = random.integer(0, Math.max(0, entries.length - 1));
  const name = (): string => random.pick([...NAMES, ...HOSTILE_NAMES]);
  switch (random.integer(0, 3)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.push([name(), anyJson(random, 2)]);
      break;
    case 2:
      if (entries[at]) entries[at] = [name(), entries[at][1]];
      break;
    default:
      if (entries[at]) entries[at] = [entries[at][0], mutatedOnce(entries[at][1], random)];
  }
  // A prototype must not get in the way: `__proto__` is to be a key here, as it is for JSON.parse.
  return JSON.parse(
    `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${JSON.stringify(inner)}`).join()}}`,
  );
}

function anyJson(random: Random, depth: number): Json {
  const kind = random.integer(0, depth > 0 ? 6 : 4);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1) return random.pick(HOSTILE_NUMBERS);
  if (kind === 2) return random.pick(HOSTILE_TEXTS);
  if (kind === 3) return random.integer(-1_000, 1_000);
  if (kind === 4) return random.pick(NAMES);
  const length = random.integer(0, 4);
  if (kind === 5) return Array.from({ length }, () => anyJson(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [random.pick([...NAMES, ...HOSTILE_NAMES]), anyJson(random, depth - 1)]),
  );
}

/** Deeper than any parser should follow. */
function nested(random: Random): string {
  const depth = random.integer(5, 8_000);
  const [open, close] = random.pick([
    ['{"not":', '}'],
    ['[', ']'],
    ['{"where":', '}'],
  ] as const);
  return `{"event":"subscribe","data":{"filter":${open.repeat(depth)}1${close.repeat(depth)}}}`;
}

function broken(json: string, random: Random): string {
  const at = random.integer(0, json.length);
  switch (random.integer(0, 4)) {
    case 0:
      return json.slice(0, at);
    case 1:
      return (
        json.slice(0, at) + random.pick(['\u0000', '\n', '"', '\\', '😀', '\\ud83d', ',']) + json.slice(at)
      );
    case 2:
      return json + json;
    case 3:
      return json.replaceAll('"', "'");
    default:
      return json.slice(at);
  }
}
