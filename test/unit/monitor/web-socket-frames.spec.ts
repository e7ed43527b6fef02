import fc from 'fast-check';
import { createRequire } from 'node:module';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressedTextFrame, framesOf, textFrame } from '../../../src/monitor/protocol/web-socket-frames.js';
import { FrameDecoder, OPCODES } from '../../harness/frames.js';
import { runs } from '../../harness/property-runs.js';

type Receiver = NodeJS.WritableStream & {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): Receiver;
};
type Inflater = { accept(offers: object[]): object };
const ws = createRequire(import.meta.url)('ws') as {
  PerMessageDeflate: { new (options?: object): Inflater; extensionName: string };
  Receiver: new (options: {
    isServer: boolean;
    allowSynchronousEvents: boolean;
    extensions?: Record<string, Inflater>;
  }) => Receiver;
};

/** What a stock `ws` client that negotiated compression, or not, makes of these bytes. */
function decodedByWs(bytes: Buffer, compression = false): Promise<string[]> {
  const inflater = new ws.PerMessageDeflate();
  inflater.accept([{ server_no_context_takeover: [true], client_no_context_takeover: [true] }]);
  return new Promise((resolve, reject) => {
    const receiver = new ws.Receiver({
      isServer: false,
      allowSynchronousEvents: true,
      ...(compression ? { extensions: { [ws.PerMessageDeflate.extensionName]: inflater } } : {}),
    });
    const texts: string[] = [];
    receiver.on('message', (data, isBinary) => texts.push(isBinary ? 'binary' : String(data)));
    receiver.on('error', reject);
    receiver.write(bytes, (error) => (error ? reject(error) : resolve(texts)));
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
    expect(await decodedByWs(Buffer.concat(texts.map((text) => textFrame(text))))).toEqual(texts);
  });

  it('carries a lone surrogate as the replacement character, which is valid UTF-8', async () => {
    expect(await decodedByWs(textFrame('a\ud800b'))).toEqual(['a\ufffdb']);
  });
});

/** One that stands alone, as RFC 7692, section 7.2.1, wants it: without the empty block behind it. */
function deflated(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

describe('a compressed text frame', () => {
  it.each(BORDERS)('of %i bytes says that it is one, and is otherwise the same', (length) => {
    const payload = Buffer.alloc(length, 'x');
    const frame = compressedTextFrame(payload);
    expect(frame[0]).toBe(0xc1);
    expect(frame.subarray(1).equals(textFrame(payload).subarray(1))).toBe(true);
  });

  it.each(BORDERS)('with a text of %i bytes is read by stock ws', async (length) => {
    const texts = textsOf(length);
    const joined = Buffer.concat(texts.map((text) => compressedTextFrame(deflated(text))));
    expect(await decodedByWs(joined, true)).toEqual(texts);
  });

  it('is refused by a client that has not agreed to it', async () => {
    await expect(decodedByWs(compressedTextFrame(deflated('x')))).rejects.toThrow('RSV1');
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

  it('are told apart by hand, by ws and by the reader of frames, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (texts) => {
        const joined = Buffer.concat(texts.map((text) => textFrame(text)));
        const decoder = new FrameDecoder();
        expect(decoder.push(joined).map(({ payload }) => String(payload))).toEqual(texts);
        expect(decoder.incomplete).toBe(0);
        const read = [...framesOf(joined)];
        expect(read.map(({ payload }) => String(payload))).toEqual(texts);
        expect(read.some(({ compressed }) => compressed)).toBe(false);
        expect(await decodedByWs(joined)).toEqual(texts);
      }),
      { numRuns: runs(50) },
    );
  });

  it('are told apart when some are compressed, each by itself', async () => {
    const messages = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.boolean()), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(messages, async (messages) => {
        const joined = Buffer.concat(
          messages.map(([text, compress]) =>
            compress ? compressedTextFrame(deflated(text)) : textFrame(text),
          ),
        );
        const read = [...framesOf(joined)].map(({ payload, compressed }) => [
          String(compressed ? inflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }) : payload),
          compressed,
        ]);
        expect(read).toEqual(messages);
        expect(await decodedByWs(joined, true)).toEqual(messages.map(([text]) => text));
      }),
      { numRuns: runs(50) },
    );
  });
});
