import { nestLevelOf } from '../../record/level.js';
import { type NestLogLevel } from '../../record/log-call.js';
import { type LevelName } from '../../wire/level.js';
import { type AuditAction } from '../audit-actions.js';
import * as messages from '../audit.messages.js';
import { textOf } from './text-of.js';

/**
 * What is said about an audited action beside its message. Every further field becomes an extra field of the
 * record; one whose name a record has for itself comes out as `extra_<name>`.
 *
 * @publicApi
 */
export interface AuditDetails {
  readonly action: AuditAction;
  /** @default {} */
  readonly metadata?: object;
  /**
   * By Nest's name or by that of the wire, in any case.
   * @default 'log'
   */
  readonly level?: LevelName;
  readonly [field: string]: unknown;
}

/** The arguments of an audit call, made good where they were wrong. */
export interface AuditEntry {
  readonly message: string;
  readonly action: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly level: NestLogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What was wrong with the arguments. */
  readonly problem?: TypeError;
}

/**
 * Reads the arguments of an audit call. Wrong ones are no reason to lose the record: what can be said is said, and
 * the field `audit_error` tells what was wrong. Never throws.
 */
export function readEntry(message: unknown, details: unknown): AuditEntry {
  const problems: string[] = [];
  const { action, metadata = {}, level = 'log', is_audit: _, ...fields } = copyOf(details, problems);
  if (typeof message !== 'string') problems.push(messages.messageIsNoText());
  if (!isAction(action)) problems.push(messages.actionMissing());
  if (!isRecord(metadata)) problems.push(messages.metadataIsNoObject());
  const nestLevel = nestLevelOf(level);
  if (!nestLevel) problems.push(messages.levelUnknown(level));
  const entry: AuditEntry = {
    message: textOf(message),
    action: isAction(action) ? action : 'unknown',
    metadata: isRecord(metadata) ? copyOf(metadata, problems) : { value: metadata },
    level: nestLevel ?? 'log',
    fields,
  };
  if (problems.length === 0) return entry;
  const problem = problems.join(' ');
  return { ...entry, fields: { ...fields, audit_error: problem }, problem: new TypeError(problem) };
}

function copyOf(value: unknown, problems: string[]): Record<string, unknown> {
  try {
    if (isRecord(value)) return { ...value };
    problems.push(messages.detailsMissing());
  } catch (error) {
    problems.push(messages.detailsUnreadable(error));
  }
  return {};
}

function isAction(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
