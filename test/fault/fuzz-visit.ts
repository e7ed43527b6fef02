import { OPCODES } from '../harness/frames.js';
import { type MonitoredApp } from '../harness/monitored-app.js';
import { type RawClient } from '../harness/raw-client.js';
import { brokenFrame, cutFrame, framesOfMessage } from './broken-frame.js';
import { within } from './deadline.js';
import { inboundMessage } from './inbound-message.js';
import { type Random } from './random.js';

/** Messages that one client may send in ten seconds. */
const RATE_LIMIT = 50;

const ANSWERS = new Set(['hello', 'reply', 'pong', 'error']);
const OTHERS = new Set(['system_log', 'audit_log', 'batch', 'gap', 'caught_up', 'stats', 'closing']);

/** How one visit went. */
export interface VisitResult {
  readonly inputs: number;
  readonly answers: number;
  readonly closeCode: number | undefined;
}

/** One connection of a hostile client, which knows what it has to be answered. */
export async function visit(app: MonitoredApp, random: Random): Promise<VisitResult> {
  const extended = random.chance(0.7);
  const client = await within(
    app.watchRaw(extended ? '/ws/monitor?v=1' : '/ws/monitor'),
    'a fuzzer connects',
  );
  const answers = new Answers(client);
  const manner = random.next();
  try {
    if (manner < 0.8) return await answered(client, answers, extended, random);
    if (manner < 0.88) return await overrun(client, answers, random);
    if (manner < 0.96) return await malformed(client, answers, random);
    return await cut(client, answers, random);
  } finally {
    client.socket.destroy();
    await client.gone;
  }
}

/** Stays within the limit: every message gets an answer, and nobody is closed. */
async function answered(
  client: RawClient,
  answers: Answers,
  extended: boolean,
  random: Random,
): Promise<VisitResult> {
  const inputs = random.integer(RATE_LIMIT - 10, RATE_LIMIT);
  client.write(messages(inputs, random));
  const expected = inputs + (extended ? 1 : 0);
  await within(
    client.until(() => answers.count() >= expected || client.closeCode !== undefined),
    `${expected} answers (there are ${answers.count()})`,
  );
  if (client.closeCode !== undefined) throw new Error(`closed with ${client.closeCode} within the limit`);
  return { inputs, answers: answers.count(), closeCode: undefined };
}

/** Sends more than the limit: what is within it is answered, then the connection ends. */
async function overrun(client: RawClient, answers: Answers, random: Random): Promise<VisitResult> {
  const inputs = random.integer(RATE_LIMIT + 1, 2 * RATE_LIMIT);
  client.write(messages(inputs, random));
  const closeCode = await closed(client, [1008, 4500]);
  return { inputs, answers: answers.count(), closeCode };
}

async function malformed(client: RawClient, answers: Answers, random: Random): Promise<VisitResult> {
  const before = random.integer(0, 20);
  client.write(Buffer.concat([messages(before, random), brokenFrame(random)]));
  return {
    inputs: before + 1,
    answers: answers.count(),
    closeCode: await closed(client, [1002, 1007, 1009]),
  };
}

/** Is gone in the middle of a frame, or sends what is no frame at all. */
async function cut(client: RawClient, answers: Answers, random: Random): Promise<VisitResult> {
  const before = random.integer(0, 20);
  const end = random.chance(0.5) ? cutFrame(random) : random.bytes(random.integer(1, 300));
  const sent = new Promise<void>((resolve) =>
    client.socket.write(Buffer.concat([messages(before, random), end]), () => resolve()),
  );
  await within(Promise.race([sent, client.gone]), 'bytes are sent');
  if (random.chance(0.5)) client.socket.resetAndDestroy();
  return { inputs: before + 1, answers: answers.count(), closeCode: undefined };
}

function messages(count: number, random: Random): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => framesOfMessage(inboundMessage(random), random)));
}

async function closed(client: RawClient, codes: readonly number[]): Promise<number> {
  await within(
    client.until(() => client.closeCode !== undefined),
    'a coded close',
  );
  const code = client.closeCode!;
  if (!codes.includes(code)) throw new Error(`closed with ${code}, not ${codes.join()}`);
  return code;
}

/** Counts answers, and refuses what docs/protocol.md does not know. */
class Answers {
  private read = 0;
  private found = 0;

  constructor(private readonly client: RawClient) {}

  count(): number {
    const { frames } = this.client;
    for (; this.read < frames.length; this.read++) {
      const { opcode, payload } = frames[this.read]!;
      if (opcode !== OPCODES.text) continue;
      const { type, data } = JSON.parse(String(payload)) as { type: string; data: { code?: string } };
      if (ANSWERS.has(type)) this.found += 1;
      else if (!OTHERS.has(type)) throw new Error(`not in the protocol: ${type}`);
      if (type === 'error' && !/^[a-z_]+$/.test(data.code ?? '')) throw new Error('an error without a code');
    }
    return this.found;
  }
}
