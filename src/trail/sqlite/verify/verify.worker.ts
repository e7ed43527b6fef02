import { parentPort, workerData } from 'node:worker_threads';
import { trailErrorOf } from '../sqlite.js';
import { answerCalls } from '../../store/worker-calls.js';
import { verifyFile, type VerifyFileRequest } from './verify-file.js';
import { type VerifyEvent, type VerifyMethods } from './verify-methods.js';

const { file } = workerData as VerifyFileRequest;
const port = parentPort!;

const methods: VerifyMethods = {
  verify: (request) =>
    verifyFile(request, (progress) =>
      port.postMessage({ event: 'progress', value: progress } satisfies VerifyEvent),
    ),
};
answerCalls(port, methods, (error) => trailErrorOf(error, file));
