import { type TrailReportAnswer, type TrailStatusAnswer } from '../../../wire/trail-answers.js';
import { clockTime, count, type TimeZone } from './format.js';

const PROBLEMS: Readonly<Record<string, string>> = {
  queue_full: 'more comes than can be stored',
  low_space: 'the disk is nearly full',
  full: 'the disk is full',
  io: 'the disk fails',
  read_only: 'its file cannot be written',
  busy: 'its file is in use by another process',
  replaced: 'its file was deleted or replaced',
  corrupt: 'its file is damaged',
  crashed: 'its thread has ended',
  closed: 'it was closed',
};

/** @returns what is wrong with the trail, in a sentence; `undefined` when nothing is */
export function trailWarning(status: TrailStatusAnswer): string | undefined {
  const { state, problem, checkpointProblem, lowSpace, spooled, lost } = status;
  const why = problem === undefined ? '' : `: ${PROBLEMS[problem] ?? problem}`;
  if (state !== 'ok') return `Entries are not being stored${why}.`;
  if (lost > 0) return `${count(lost)} ${lost === 1 ? 'entry was' : 'entries were'} lost since the start.`;
  if (spooled > 0) return `${count(spooled)} ${spooled === 1 ? 'entry waits' : 'entries wait'} to be stored.`;
  if (checkpointProblem !== undefined) {
    return `New entries are not being signed: ${PROBLEMS[checkpointProblem] ?? checkpointProblem}.`;
  }
  return lowSpace ? 'The disk is nearly full.' : undefined;
}

/** @returns through which entry, and when, as `signed through `, `4,302` and `, 14:05:09` */
export function signedText(
  { checkpoint }: TrailStatusAnswer,
  zone: TimeZone,
): [words: string, through: string, when: string] {
  if (!checkpoint) return ['not signed yet', '', ''];
  const time = clockTime(Date.parse(checkpoint.time), zone).slice(0, 8);
  return ['signed through ', count(checkpoint.size), `, ${time}`];
}

const VERDICTS: Readonly<Record<string, string>> = {
  ok: 'Nothing was altered, as far as could be checked.',
  altered: 'Entries are not what was stored.',
  out_of_sequence: 'Entries are missing, moved, or there twice.',
  truncated: 'Entries at the end are missing.',
  rewritten: 'The trail was written anew.',
  bad_key: 'Signatures are false, or of a key that is not trusted.',
};

export function verdictText({ verdict }: TrailReportAnswer): string {
  return VERDICTS[verdict] ?? verdict;
}
