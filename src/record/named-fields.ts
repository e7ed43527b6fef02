/** Fields of a record that have a place of their own, besides the extra ones: those of system and of audit records. */
export const NAMED_FIELDS: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'action',
  'metadata',
  'error',
  'id',
  'origin',
]);
