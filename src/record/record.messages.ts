export const CONTEXT_IS_ASYNCHRONOUS =
  'The option `context` of LogStreamModule returned a promise, but a record is fixed when it is logged. ' +
  'Return the fields themselves; the function is not called any more.';

/** Stands in the place of a line whose record could not be made when somebody read it. */
export const LINE_NOT_READ = '[A line that cannot be read]';

export const auditFlagIsNotTrue = (flag: unknown, logger: string): string =>
  `A record of the logger '${logger}' has the field \`is_audit\` with ${kindOf(flag)}, and became a system record: only ` +
  '`is_audit: true` makes an audit record. Said once.';

/** Not the value itself, which may be anything, a secret included. */
function kindOf(flag: unknown): string {
  if (flag === 1 || flag === 'true') return `the ${typeof flag} ${JSON.stringify(flag)}`;
  return typeof flag === 'object' ? 'an object' : `a ${typeof flag}`;
}
