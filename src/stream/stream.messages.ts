export const observerThrew = (reason: unknown): string =>
  `An observer of LogStream.records$ threw (${describe(reason)}). ` +
  'It stays subscribed and the others got the record. Further failures are counted, not repeated.';

function describe(reason: unknown): string {
  try {
    return reason instanceof Error ? `${reason.name}: ${reason.message}` : typeof reason;
  } catch {
    return 'a value that cannot be printed';
  }
}
