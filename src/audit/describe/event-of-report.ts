import { nestLevelOf } from '../../record/level.js';
import { type NestLogLevel } from '../../record/log-call.js';
import { UNKNOWN_ACTOR } from './actor.js';
import { type AuditEvent } from '../audit-event.js';
import * as messages from '../audit.messages.js';
import { type CallReport } from './call-report.js';
import { Extraction } from './extraction.js';
import { type Conclusion } from './outcome.js';

/**
 * Builds the record of a call. Its fields come in a fixed order: what the options asked for, how the call ended, who
 * acted on what, and where it came from; only those that are known.
 */
export function eventOfReport(id: string, report: CallReport): AuditEvent {
  const { subject, draft, actor } = report;
  const { method, options, className } = subject;
  const { action } = method;
  const conclusion = report.conclusion && describedBy(options.errors, report.conclusion);
  const message = messageOf(report, conclusion);
  return {
    id,
    origin: 'decorator',
    level: nestLevelOf(options.level) ?? levelOf(conclusion),
    logger: `audit.${className}`,
    message: message.value ?? defaultMessage(action, conclusion),
    action,
    metadata: draft.metadata.value ?? {},
    fields: known({
      phase: phaseOf(report),
      start_id: report.startId,
      intent: report.intentId,
      ...draft.included.value,
      outcome: conclusion?.outcome,
      reason: conclusion?.reason,
      duration_ms: conclusion && Math.round(report.durationMs * 1000) / 1000,
      error: conclusion?.error,
      ...circumstancesOf(subject, draft, actor),
      metadata_error: joined(draft.problem, message.problem),
    }),
  };
}

function phaseOf({ conclusion, startId }: CallReport): 'start' | 'end' | undefined {
  if (!conclusion) return 'start';
  return startId === undefined ? undefined : 'end';
}

/**
 * Builds the intent of a call that has not begun: what its record will say, as far as it is known before.
 *
 * @param report without a conclusion
 */
export function intentOfReport(id: string, { subject, draft, actor }: CallReport): AuditEvent {
  const { method, options, className } = subject;
  return {
    id,
    origin: 'decorator',
    level: nestLevelOf(options.level) ?? 'log',
    logger: `audit.${className}`,
    message: messages.intended(method.action),
    action: method.action,
    metadata: draft.metadata.value ?? {},
    fields: known({
      ...draft.included.value,
      ...circumstancesOf(subject, draft, actor),
      metadata_error: draft.problem,
    }),
  };
}

/** Who acted on what, and where it came from. */
function circumstancesOf(
  { request }: CallReport['subject'],
  draft: CallReport['draft'],
  actor: CallReport['actor'],
) {
  return {
    actor: actor.problem === undefined ? actor.value : UNKNOWN_ACTOR,
    targets: draft.targets.value?.length ? draft.targets.value : undefined,
    request,
  };
}

/** The app's own word on its errors, where it has one. */
function describedBy(errors: CallReport['subject']['options']['errors'], conclusion: Conclusion): Conclusion {
  const { cause, error } = conclusion;
  if (!errors || !error || cause === undefined) return conclusion;
  const { reason, ...own } = new Extraction(() => errors(cause)).value ?? {};
  return { ...conclusion, reason: reason ?? conclusion.reason, error: { ...error, ...known(own) } };
}

function messageOf(
  { subject, draft }: CallReport,
  conclusion: Conclusion | undefined,
): Extraction<string | undefined> {
  const { message } = subject.options;
  return new Extraction(() => {
    if (typeof message !== 'function') return message;
    if (!draft.call || !conclusion) return undefined;
    return message({ ...draft.call, outcome: conclusion.outcome, reason: conclusion.reason });
  });
}

function defaultMessage(action: string, conclusion: Conclusion | undefined): string {
  if (!conclusion) return messages.started(action);
  const error = conclusion.error?.message ?? '';
  switch (conclusion.reason) {
    case undefined:
      return messages.succeeded(action);
    case 'denied':
      return messages.denied(action, error);
    case 'validation':
      return messages.rejected(action, error);
    case 'timeout':
      return messages.timedOut(action, error);
    case 'aborted':
      return messages.aborted(action);
    default:
      return messages.failed(action, error);
  }
}

/** What a caller did wrong is a warning; what broke on our side is an error. */
function levelOf(conclusion: Conclusion | undefined): NestLogLevel {
  if (!conclusion || conclusion.outcome === 'success') return 'log';
  if (conclusion.reason !== 'error' && conclusion.reason !== 'timeout') return 'warn';
  const status = conclusion.error?.status;
  return status === undefined || status >= 500 ? 'error' : 'warn';
}

function known<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function joined(...problems: readonly (string | undefined)[]): string | undefined {
  return problems.filter((problem) => problem !== undefined).join('; ') || undefined;
}
