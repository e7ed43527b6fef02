import { parentPort, workerData } from 'node:worker_threads';
import { trailErrorOf } from '../sqlite.js';
import { type WriterData } from './writer-methods.js';
import { WriterThread } from './writer-thread.js';
import { answerCalls } from '../../store/worker-calls.js';

const data = workerData as WriterData;
const thread = new WriterThread(data, parentPort!);
answerCalls(parentPort!, thread.methods, (error) => trailErrorOf(error, data.options.file));
