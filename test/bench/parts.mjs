import { measureApp } from './app.mjs';
import * as app from './app/report.mjs';
import { measureDashboard } from './dashboard.mjs';
import * as dashboard from './dashboard/report.mjs';
import { measureFanOut, measureFormats } from './fan-out.mjs';
import * as fanOut from './fan-out/report.mjs';
import * as formats from './formats/report.mjs';
import { measureHotPath } from './hot-path.mjs';
import * as hotPath from './hot-path/report.mjs';
import { measureRedaction } from './redaction.mjs';
import * as redaction from './redaction/report.mjs';
import { measurePackage } from './package.mjs';
import * as packaging from './package/report.mjs';
import { measureReplay } from './replay.mjs';
import * as replay from './replay/report.mjs';
import { measureStalled, STALLED_CLIENTS } from './stalled.mjs';
import * as stalled from './stalled/report.mjs';
import { measureTrail } from './trail.mjs';
import * as trail from './trail/report.mjs';

/**
 * @typedef {object} Part
 * @property {string} title of its section
 * @property {string} [intro]
 * @property {(effort: any, progress: (text: string) => void) => Promise<any>} measure
 * @property {{ quick: object, usual: object, full?: object }} effort how much is measured; `full` defaults to `usual`
 * @property {{ tables: (results: any) => { title: string, text: string }[],
 *   targets: (results: any) => import('./targets.mjs').Target[], about: string }} report
 */

/** @type {Record<string, Part>} */
export const PARTS = {
  'hot-path': {
    title: 'A log call with nobody watching',
    measure: measureHotPath,
    report: hotPath,
    effort: {
      quick: { processes: 1, rounds: 1, roundMs: 5, warmUpCalls: 1_000 },
      usual: { processes: 3, rounds: 5, roundMs: 40, warmUpCalls: 15_000 },
    },
  },
  redaction: {
    title: 'Looking for secrets',
    measure: measureRedaction,
    report: redaction,
    effort: {
      quick: { rounds: 1, turns: 5 },
      usual: { rounds: 5, turns: 200 },
    },
  },
  app: {
    title: 'An app under load that logs five lines a request',
    measure: measureApp,
    report: app,
    effort: {
      quick: { rounds: 1, warmUpSeconds: 0.05, closedSeconds: 0.05, pacedSeconds: 0.1, quietSeconds: 0.2 },
      usual: { rounds: 3, warmUpSeconds: 0.8, closedSeconds: 0.8, pacedSeconds: 1, quietSeconds: 2 },
      full: { rounds: 5, warmUpSeconds: 3, closedSeconds: 3, pacedSeconds: 5, quietSeconds: 60 },
    },
  },
  'fan-out': {
    title: 'A delivery',
    intro: `A delivery is one line that reached one client. Ours encodes and joins a flush once for all clients and writes one buffer to
each; the peers below pay per client, per line, or both.`,
    measure: measureFanOut,
    report: fanOut,
    effort: {
      quick: { rounds: 1, slowRounds: 0, deliveries: 2_000, warmUpBursts: 2, seconds: 0.2 },
      usual: { rounds: 5, slowRounds: 1, deliveries: 100_000, warmUpBursts: 150, seconds: 2 },
      full: { rounds: 5, slowRounds: 5, deliveries: 100_000, warmUpBursts: 150, seconds: 2 },
    },
  },
  formats: {
    title: 'A delivery in a batch',
    measure: measureFormats,
    report: formats,
    effort: {
      quick: { rounds: 1, slowRounds: 0, deliveries: 2_000, warmUpBursts: 2, seconds: 0.2 },
      usual: { rounds: 3, slowRounds: 3, deliveries: 50_000, warmUpBursts: 100, seconds: 1 },
      full: { rounds: 5, slowRounds: 5, deliveries: 100_000, warmUpBursts: 150, seconds: 2 },
    },
  },
  stalled: {
    title: 'Clients that have stopped reading',
    measure: measureStalled,
    report: stalled,
    effort: {
      quick: { rounds: 1, clients: 5, warmUpSeconds: 0.1, seconds: 0.2 },
      usual: { rounds: 3, clients: STALLED_CLIENTS, warmUpSeconds: 1.5, seconds: 2.5 },
    },
  },
  replay: {
    title: 'Replay of the whole history',
    measure: measureReplay,
    report: replay,
    effort: {
      quick: { processes: 1, rounds: 1 },
      usual: { processes: 3, rounds: 5 },
    },
  },
  trail: {
    title: 'An audit record that is durable',
    measure: measureTrail,
    report: trail,
    effort: {
      quick: { rounds: 1, warmUpSeconds: 0.1, seconds: 0.2, entries: 2_000, verifications: 1 },
      usual: { rounds: 3, warmUpSeconds: 1, seconds: 1.5, entries: 200_000, verifications: 3 },
      full: { rounds: 9, warmUpSeconds: 2, seconds: 3, entries: 200_000, verifications: 9 },
    },
  },
  package: {
    title: 'Importing the package',
    measure: measurePackage,
    report: packaging,
    effort: {
      quick: { processes: 1 },
      usual: { processes: 15 },
      full: { processes: 31 },
    },
  },
  dashboard: {
    title: 'Frames of the dashboard',
    measure: measureDashboard,
    report: dashboard,
    effort: {
      quick: { rounds: 1, seconds: 0.5 },
      usual: { rounds: 3, seconds: 6 },
      full: { rounds: 5, seconds: 60 },
    },
  },
};
