export const CONTEXT_IS_ASYNCHRONOUS =
  'The option `context` of LogStreamModule returned a promise, but a record is fixed when it is logged. ' +
  'Return the fields themselves; the function is not called any more.';
