export const noTrail = (): string =>
  'This app keeps no audit trail. Set the option `trail: { file }` of `LogStreamModule`.';

export const notPublished = (): string =>
  'The audit record was not stored: the log stream has ended, as it does at the shutdown of the app, or it refused it.';

export const notStored = (): string =>
  'The audit record could be stored neither in the trail nor in its spool; an entry of kind `gap` will count it.';

export const spooled = (): string =>
  'The audit record is in the spool of the trail, on disk; it gets its place in the trail as soon as the trail works.';

export const replayIncomplete = (): string => 'Audit records wait in the spool of the trail.';

export const keyCreated = (path: string, verifier: string): string =>
  `The audit trail has a new signing key in ${path}. Keep a copy of it in a safe place, and give this verifier key to ` +
  `whoever audits the trail: ${verifier}`;

export const trailOpened = (file: string, entries: number): string =>
  `Audit trail ${file}: ${entries} entries.`;

export const intentsRecovered = (count: number): string =>
  `${count} audited call${count === 1 ? ' was' : 's were'} cut off by the end of the last run; recorded as ` +
  '`unknown`, `crashed`.';

export const trailTroubled = (state: string, problem: string): string =>
  `The audit trail is ${state}: ${problem}`;

export const trailWorksAgain = (): string => 'The audit trail works again.';

export const pruningFailed = (error: unknown): string =>
  `The audit trail could not be pruned (${error instanceof Error ? error.message : String(error)}); tried again later.`;

export const startedElsewhere = (file: string): string =>
  `The audit trail ${file} was given to another application of this process, which has started meanwhile: a trail has ` +
  'one writer. Give each its own `trail.file`.';

export const noShutdownHooks = (): string =>
  'Nothing listens to SIGTERM: when the process is told to end, the last entries of the audit trail stay without a ' +
  'checkpoint until the next start. Call `app.enableShutdownHooks()` in `main.ts`.';
