import { VERIFY_EXIT_CODES } from '../../trail/evidence/verify/verdict.js';
import { EXIT_CODES } from '../exit-code.js';

/**
 * How the commands of `audit` end. 2 is no wrong argument here, as it is elsewhere: for who verifies by a script, 2 to 6
 * are verdicts on the trail and must not mean anything else.
 */
export const AUDIT_EXIT_CODES = {
  ...VERIFY_EXIT_CODES,
  interrupted: EXIT_CODES.interrupted,
} as const;
