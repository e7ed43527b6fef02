export const observerThrew = (reason: unknown): string =>
  `An observer of LogStream.records$ threw (${reason instanceof Error ? `${reason.name}: ${reason.message}` : typeof reason}). ` +
  'It stays subscribed and the others got the record. Further failures are counted, not repeated.';
