/** How the trail is, as the route below that of its entries answers. */
export interface TrailStatusAnswer {
  readonly state: string;
  /** Only what kind of problem it is: its text names files of the server. */
  readonly problem?: string | undefined;
  readonly checkpointProblem?: string | undefined;
  readonly lowSpace?: boolean | undefined;
  /** The last entry. */
  readonly last: number;
  readonly checkpoint?: { readonly size: number; readonly time: string } | undefined;
  readonly spooled: number;
  readonly lost: number;
  /** C2SP verifier key. */
  readonly verifier: string;
}

/** What a verification of the trail found. */
export interface TrailReportAnswer {
  readonly verdict: string;
  readonly entries: number;
  readonly last: number;
  readonly prunedThrough: number;
  readonly signedThrough: number;
  readonly anchoredThrough: number;
  readonly firstBadSeq?: number | undefined;
  readonly findings: readonly { readonly text: string }[];
  readonly findingCount: number;
  /** In sentences. */
  readonly notEstablished: readonly string[];
}

/** What the route that verifies the trail answers. */
export interface VerificationAnswer<Report extends TrailReportAnswer = TrailReportAnswer> {
  /** Of the last verification that came to its end; `null` before the first. */
  readonly report: Report | null;
  /** When that one began, ISO 8601: it says nothing of what came later. */
  readonly at: string | null;
  readonly durationMs: number | null;
  /** How far the one is that runs; `null` when none does. */
  readonly running: { readonly entries: number; readonly of: number } | null;
}

/** An entry as the route of the trail answers it. */
export interface TrailEntryAnswer {
  readonly seq: number;
  /** `record`, or what the trail notes for itself. */
  readonly kind: string;
  /** The hash chain up to and with the entry, in hexadecimal digits. */
  readonly hash: string;
  /** Name of the process that logged it. */
  readonly instance: string;
  /** Where it stood in the stream of that process. */
  readonly stream: { readonly epoch: string; readonly seq: number } | null;
  /** As it is stored. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A page of entries, newest or oldest first as was asked. */
export interface TrailPageAnswer<Entry extends TrailEntryAnswer = TrailEntryAnswer> {
  readonly entries: readonly Entry[];
  /** Where the next page goes on; without it there is none. */
  readonly next?: number | undefined;
}
