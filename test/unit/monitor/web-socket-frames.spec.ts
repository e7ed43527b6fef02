import fc from 'fast-check';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { payloadsOf, textFrame } from '../../../src/monitor/web-socket-frames.js';
import { FrameDecoder, OPCODES } from '../../harness/frames.js';

type Receiver = NodeJS.WritableStream & {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): Receiver;
};
const ws = createRequire(import.meta.url)('ws') as {
  Receiver: new (options: { isServer: boolean; allowSynchronousEvents: boolean }) => Receiver;
};

/** What a stock `ws` client makes of these bytes. */
function decodedByWs(bytes: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const receiver = new ws.Receiver({ isServer: false, allowSynchronousEvents: true });
    const texts: string[] = [];
    receiver.on('message', (data, isBinary) => texts.push(isBinary ? 'binary' : String(data)));
    receiver.on('error', reject);
    receiver.write(bytes, () => resolve(texts));
  });
}

/** Texts of exactly that many bytes, plain and of characters of up to four bytes. */
function textsOf(bytes: number): string[] {
  const wide = '🚀é漢';
  const repeated = wide.repeat(Math.floor(bytes / 9));
  return ['x'.repeat(bytes), repeated + 'x'.repeat(bytes - Buffer.byteLength(repeated))];
}

const BORDERS = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 200_000];

describe('a text frame', () => {
  it.each([
    [0, '8100'],
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
  ])('of %i bytes starts with the header %s', (length, header) => {
    const frame = textFrame('x'.repeat(length));
    expect(frame.subarray(0, header.length / 2).toString('hex')).toBe(header);
    expect(frame).toHaveLength(header.length / 2 + length);
  });

  it.each(BORDERS)('of %i bytes is one unmasked final frame', (length) => {
    for (const text of textsOf(length)) {
      const frames = new FrameDecoder().push(textFrame(text));
      expect(frames).toHaveLength(1);
      expect(frames[0]).toMatchObject({ fin: true, opcode: OPCODES.text, masked: false });
      expect(String(frames[0]!.payload)).toBe(text);
    }
  });

  it.each(BORDERS)('of %i bytes is read by stock ws', async (length) => {
    const texts = textsOf(length);
    expect(await decodedByWs(Buffer.concat(texts.map(textFrame)))).toEqual(texts);
  });

  it('carries a lone surrogate as the replacement character, which is valid UTF-8', async () => {
    expect(await decodedByWs(textFrame('a\ud800b'))).toEqual(['a\ufffdb']);
  });
});

describe('joined frames', () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(...BORDERS.flatMap((length) => textsOf(length))),
    ),
    { maxLength: 6 },
  );

  it('are told apart by hand, by ws and by the reader of payloads, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (texts) => {
        const joined = Buffer.concat(texts.map(textFrame));
        const decoder = new FrameDecoder();
        expect(decoder.push(joined).map(({ payload }) => String(payload))).toEqual(texts);
        expect(decoder.incomplete).toBe(0);
        expect([...payloadsOf(joined)].map(String)).toEqual(texts);
        expect(await decodedByWs(joined)).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  });
});
