/**
 * What a verification found, worst first: when several things are wrong, the first of them is the verdict, because it
 * explains the others. All of them are in the report.
 *
 * - `rewritten`: in itself it fits, but a note of a known key says something else of the same entries
 * - `out_of_sequence`: entries are missing, twice, moved, or a chain has two ends (a fork)
 * - `altered`: an entry is not what was stored
 * - `truncated`: a note of a known key knows of more entries
 * - `bad_key`: signatures are false, of no known key, or of one that had handed over
 *
 * @publicApi
 */
export const VERDICTS = ['rewritten', 'out_of_sequence', 'altered', 'truncated', 'bad_key', 'ok'] as const;

/**
 * What a verification says in one word: the worst of what it found; see {@link VERDICTS}.
 *
 * @publicApi
 */
export type Verdict = (typeof VERDICTS)[number];

/**
 * Exit codes of `nestjs-log-stream audit verify`.
 *
 * @publicApi
 */
export const VERIFY_EXIT_CODES = {
  ok: 0,
  /** Not a verdict: nothing could be verified, as the file or a key could not be read. */
  could_not_run: 1,
  altered: 2,
  out_of_sequence: 3,
  truncated: 4,
  rewritten: 5,
  bad_key: 6,
} as const;
