export const CONTEXT_IS_ASYNCHRONOUS =
  'The option `context` of LogStreamModule returned a promise, but a record is fixed when it is logged. ' +
  'Return the fields themselves; the function is not called any more.';

/** Stands in the place of a line whose record could not be made when somebody read it. */
export const LINE_NOT_READ = '[A line that cannot be read]';
