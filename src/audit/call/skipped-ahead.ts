import { type ExecutionContext } from '@nestjs/common';
import { resultIsNotKnownYet } from '../audit.messages.js';
import { type AuditedCall, type AuditOptions } from '../describe/audit-options.js';
import { Extraction } from '../describe/extraction.js';

/**
 * Asks the option `skip` before the call, where the answer decides whether it may begin. A predicate that looks at the
 * result or the error cannot know: like one that throws, it leaves nothing out. Were it given `undefined` for them, an
 * act could pass without an intent because of a result that it did not have yet.
 */
export function isSkippedAhead(
  { skip }: AuditOptions,
  args: readonly unknown[],
  context: ExecutionContext | undefined,
): boolean {
  const call: AuditedCall = {
    args: [...args],
    context,
    get result(): never {
      throw new TypeError(resultIsNotKnownYet());
    },
    get error(): never {
      throw new TypeError(resultIsNotKnownYet());
    },
  };
  return new Extraction(() => skip?.(call) === true).value ?? false;
}
