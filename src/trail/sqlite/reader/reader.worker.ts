import { parentPort, workerData } from 'node:worker_threads';
import { type ReaderData, type ReaderMethods } from './reader-methods.js';
import { trailErrorOf } from '../sqlite.js';
import { TrailReader } from './trail-reader.js';
import { answerCalls } from '../../store/worker-calls.js';

const { file } = workerData as ReaderData;
const port = parentPort!;
let reader: TrailReader | undefined;
const open = (): TrailReader => (reader ??= TrailReader.open(file));

const methods: ReaderMethods = {
  query: ({ query, held }) => open().query(query, held),
  holds: () => open().holds(),
  summary: () => open().summary(),
  countSince: (seq) => open().countSince(seq),
  lastCheckpoint: () => open().lastCheckpoint(),
  prunable: (bounds) => open().prunable(bounds),
  positionAfter: ({ epoch, seq }) => open().positionAfter(epoch, seq),
  close: () => {
    reader?.[Symbol.dispose]();
    // Nothing keeps the thread then, and it ends once the answer is sent.
    port.unref();
  },
};
answerCalls(port, methods, (error) => trailErrorOf(error, file));
