import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { withDefaults } from '../describe/audit-options.js';
import { type AuditSubject } from '../describe/call-report.js';
import { stableNameOf } from '../describe/class-name.js';
import { AuditCall } from './audit-call.js';
import { AuditRecorder } from './audit-recorder.js';
import { currentSurroundings, surroundingsOf, type Surroundings } from './audit-scope.js';
import { auditDefaultsOf, type AuditedMethod } from '../describe/audited-method.js';
import { HandlerCall } from './handler-call.js';
import { HttpCall } from './http-call.js';
import { responseOf } from './response-end.js';
import { isSseHandler, SseCall } from './sse-call.js';

/** Opens the calls that `@Audit` follows. */
@Injectable()
export class AuditCalls {
  constructor(@Inject(AuditRecorder) private readonly recorder: AuditRecorder) {}

  /** Follows a call that the application makes itself; it inherits the context of the handler it is made from. */
  openCall(method: AuditedMethod, host: object): AuditCall {
    return new AuditCall(this.subjectOf(method, host.constructor, currentSurroundings()), this.recorder);
  }

  /** Follows a call that Nest makes. */
  openHandlerCall(method: AuditedMethod, context: ExecutionContext): HandlerCall {
    const subject = this.subjectOf(method, context.getClass(), surroundingsOf(context));
    const response = responseOf(context);
    if (!response) return new HandlerCall(subject, this.recorder);
    return isSseHandler(context.getHandler())
      ? new SseCall(subject, this.recorder, response)
      : new HttpCall(subject, this.recorder, response);
  }

  private subjectOf(
    method: AuditedMethod,
    host: Function,
    { context, request }: Surroundings = { context: undefined, request: undefined },
  ): AuditSubject {
    const options = withDefaults(auditDefaultsOf(host), method.options);
    return { method, options, className: stableNameOf(host), context, request };
  }
}
