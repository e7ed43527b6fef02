import { createReadStream, existsSync, statSync } from 'node:fs';
import { readAnchors } from '../../trail/evidence/anchor-file.js';
import { splitLines } from '../../trail/evidence/split-lines.js';
import { type TrailReport } from '../../trail/evidence/verify/trail-report.js';
import { verifyExport } from '../../trail/evidence/verify/verify-export.js';
import { type VerifyingKey } from '../../trail/evidence/verifying-key.js';
import { trailAt } from '../../trail/trail-at.js';
import { CliError } from '../cli-error.js';
import { type Paint } from '../terminal/paint.js';
import { visibleJson } from '../terminal/visible-text.js';
import { refusal } from './audit-error.js';
import { besideTrail, noFile, unreadable } from './audit.messages.js';
import { reportText, type VerifiedFile } from './report-text.js';
import { type AuditRun } from './run-audit.js';
import { anchorsBeside, kindOf } from './trail-files.js';
import { trustedKeys } from './trusted-keys.js';

export interface VerifyFlags {
  /** False for none at all. */
  readonly anchors?: string | boolean;
  readonly key?: readonly string[];
  readonly json?: boolean;
  readonly color?: boolean;
}

/** @throws CliError with the verdict, unless it is `ok` */
export async function verify(file: string, flags: VerifyFlags, paint: Paint, run: AuditRun): Promise<void> {
  const trusted = trustedKeys(flags.key ?? []);
  const kind = kindOf(file);
  const beside = kind === 'trail' && (flags.anchors ?? true) === true ? anchorsBeside(file) : undefined;
  const anchors = typeof flags.anchors === 'string' ? flags.anchors : beside;
  if (anchors !== undefined && !existsSync(anchors)) throw refusal(noFile(anchors));
  const found =
    kind === 'trail'
      ? await verifyStored(file, anchors, trusted, run)
      : await verifyExported(file, anchors, trusted, run);
  run.progress.clear();
  const report = beside === undefined ? found : withLimit(found, besideTrail(beside));
  const verified: VerifiedFile = {
    file,
    kind,
    ...(anchors !== undefined && { anchorFile: anchors }),
    ...report,
  };
  await run.output.write(
    flags.json ? `${visibleJson(JSON.stringify(verified))}\n` : reportText(verified, paint),
  );
  if (report.exitCode !== 0) throw new CliError(report.exitCode);
}

/** In a thread: the work has no pause in which an interrupt could be heard. */
function verifyStored(
  file: string,
  anchors: string | undefined,
  trusted: readonly VerifyingKey[],
  { progress, signal }: AuditRun,
): Promise<TrailReport> {
  return trailAt(file).verify(
    { ...(anchors !== undefined && { anchors }), trusted: trusted.map(String) },
    { signal, onProgress: ({ entries, of }) => progress.show('Verified', entries, of) },
  );
}

async function verifyExported(
  file: string,
  anchors: string | undefined,
  trusted: readonly VerifyingKey[],
  { progress, signal }: AuditRun,
): Promise<TrailReport> {
  const input = createReadStream(file, { signal });
  const size = statSync(file).size;
  try {
    return await verifyExport(splitLines(input), {
      trusted,
      ...(anchors !== undefined && { anchors: readAnchors(anchors) }),
      onProgress: () => progress.show('Read bytes', input.bytesRead, size),
    });
  } catch (error) {
    // A line that is too long, keys that are none: it is no export, whatever its first line looks like.
    if (error instanceof RangeError || error instanceof TypeError)
      throw refusal(unreadable(file, error.message));
    throw error;
  } finally {
    input.destroy();
  }
}

function withLimit(report: TrailReport, sentence: string): TrailReport {
  return { ...report, notEstablished: [...report.notEstablished, sentence] };
}
