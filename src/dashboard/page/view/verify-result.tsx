import { type JSX } from 'preact';
import { clockTime, count, duration, type TimeZone } from '../model/format.js';
import { type TrailReportAnswer, type VerificationAnswer } from '../../../wire/trail-answers.js';
import { verdictText } from '../model/trail-status.js';
import { type VerifyState } from '../state/trail-health.js';
import { useDashboard } from './dashboard-context.js';

/** Findings that are shown: the command line lists them all. */
const MOST_FINDINGS = 10;

/** What a verification found, as far as it is, and what it could not establish. */
export function VerifyResult({ state }: { readonly state: VerifyState }): JSX.Element | null {
  const { zone } = useDashboard().settings.current.value;
  switch (state.phase) {
    case 'none':
      return null;
    case 'running':
      return (
        <p role="status">
          {state.progress
            ? `${count(state.progress.entries)} of ${count(state.progress.of)} entries verified`
            : 'Verifying the whole trail'}
        </p>
      );
    case 'refused':
      return <p role="status">{state.text}</p>;
    case 'done':
      return <Report verification={state.verification} zone={zone} />;
  }
}

function Report({
  verification: { report, at, durationMs },
  zone,
}: {
  readonly verification: VerificationAnswer;
  readonly zone: TimeZone;
}): JSX.Element {
  if (!report) return <p role="status">The verification did not come to its end.</p>;
  const { verdict, notEstablished } = report;
  return (
    <div class="verdict" data-verdict={verdict} role="status">
      <p class="verdict-text">{verdictText(report)}</p>
      <p class="verdict-facts">{factsOf(report).join(' · ')}</p>
      <Findings report={report} />
      {notEstablished.length > 0 && (
        <>
          <h3>Not established</h3>
          <ul>
            {notEstablished.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      {at !== null && (
        <p class="small">
          Begun at {clockTime(Date.parse(at), zone).slice(0, 8)}
          {durationMs !== null && `, took ${duration(durationMs)}`}
        </p>
      )}
    </div>
  );
}

function factsOf({
  entries,
  firstBadSeq,
  signedThrough,
  anchoredThrough,
  prunedThrough,
}: TrailReportAnswer): string[] {
  return [
    `${count(entries)} entries read`,
    ...(firstBadSeq === undefined ? [] : [`first at entry ${count(firstBadSeq)}`]),
    `signed through ${count(signedThrough)}`,
    ...(anchoredThrough > 0 ? [`anchored through ${count(anchoredThrough)}`] : []),
    ...(prunedThrough > 0 ? [`deleted by retention through ${count(prunedThrough)}`] : []),
  ];
}

function Findings({
  report: { findings, findingCount },
}: {
  readonly report: TrailReportAnswer;
}): JSX.Element | null {
  if (findingCount === 0) return null;
  const shown = findings.slice(0, MOST_FINDINGS);
  return (
    <>
      <h3>Found</h3>
      <ul>
        {shown.map(({ text }, index) => (
          <li key={index}>{text}</li>
        ))}
        {findingCount > shown.length && <li>and {count(findingCount - shown.length)} more</li>}
      </ul>
    </>
  );
}
