import { type TrailReport } from '../../trail/evidence/verify/trail-report.js';
import { type Paint } from '../terminal/paint.js';
import { visible } from '../terminal/visible-text.js';
import * as messages from './audit.messages.js';

/** A report, and what it is of. */
export interface VerifiedFile extends TrailReport {
  readonly file: string;
  readonly kind: 'trail' | 'export';
  readonly anchorFile?: string;
}

/** Findings that are shown. */
const MOST_SHOWN = 10;

/** The report for people: the verdict, what is wrong, what was established, and what was not. */
export function reportText(verified: VerifiedFile, paint: Paint): string {
  const { verdict, kind, file, trail, findings, findingCount, notEstablished } = verified;
  const isOk = verdict === 'ok';
  const shown = findings.slice(0, MOST_SHOWN).map(({ text }) => text);
  const more = findingCount - shown.length;
  const line = (label: string, text: string): string =>
    `  ${paint('key', label.padEnd(9))} ${visible(text)}\n`;
  return [
    `${paint(isOk ? 'INFO' : 'ERROR', messages.VERDICT_TEXTS[verdict])}: ${visible(messages.headline(kind, file, trail))}\n`,
    list(more > 0 ? [...shown, messages.moreFindings(more)] : shown),
    line('entries', messages.read(verified.entries, verified)),
    line('chain', chain(verified)),
    line('signed', signed(verified)),
    line('anchored', anchored(verified)),
    ...keys(verified).map((key, index) => line(index === 0 ? 'key' : '', key)),
    notEstablished.length > 0 ? `Not established:\n${list(notEstablished)}` : '',
  ].join('');
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `  - ${visible(text)}\n`).join('');
}

function chain({ findings, firstBadSeq }: TrailReport): string {
  const isDamaged = findings.some(({ verdict }) => verdict !== 'bad_key');
  return isDamaged && firstBadSeq !== undefined ? messages.doesNotFit(firstBadSeq) : messages.fits;
}

function signed({ signedThrough, checkpoints: { agree, given } }: TrailReport): string {
  return messages.signed(signedThrough, agree, given);
}

function anchored({ anchoredThrough, anchors: { agree, given }, anchorFile }: VerifiedFile): string {
  if (anchorFile === undefined) return messages.NO_ANCHOR_FILE;
  return messages.anchored(anchoredThrough, agree, given, anchorFile);
}

function keys({ keys, trustedKeys, trust }: TrailReport): string[] {
  if (trust === 'first_use') return keys.map(messages.keyFirstUse);
  return keys.map((key) => (trustedKeys.includes(key) ? messages.keyGiven : messages.keyForeign)(key));
}
