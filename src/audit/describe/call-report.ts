import { type ExecutionContext } from '@nestjs/common';
import { type AuditActor } from './actor.js';
import { type AuditDraft } from './audit-draft.js';
import { type AuditOptions } from './audit-options.js';
import { type AuditedMethod } from './audited-method.js';
import { type Extraction } from './extraction.js';
import { type Conclusion } from './outcome.js';
import { type AuditRequest } from './request.js';

/** What is called. */
export interface AuditSubject {
  readonly method: AuditedMethod;
  /** Of the method, over the defaults of its class. */
  readonly options: AuditOptions;
  readonly className: string;
  /** Of the handler that Nest called, or that made this call. */
  readonly context: ExecutionContext | undefined;
  /** As it was when the handler's call began: of a client that has left, a connection knows nothing any more. */
  readonly request: AuditRequest | undefined;
}

/** What a call leaves behind for its record. */
export interface CallReport {
  readonly subject: AuditSubject;
  /** `undefined` before the call, and for the record of a stream's start. */
  readonly conclusion: Conclusion | undefined;
  readonly durationMs: number;
  readonly draft: AuditDraft;
  readonly actor: Extraction<AuditActor | undefined>;
  /** For streams that are recorded twice: the id of the first record. */
  readonly startId?: string;
  /** With `failure: 'closed'`: the id of what was stored before the call, if it may have been. */
  readonly intentId?: string;
  /** Whether the method has been run. */
  readonly hasBegun: boolean;
}
