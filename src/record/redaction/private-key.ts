import { type Finder, falseAlarm, secret } from './span.js';

export const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
/** The longest label in use is `ENCRYPTED PRIVATE KEY`, or PGP's `PGP PRIVATE KEY BLOCK`. */
const LABEL = 64;

/** Private keys as text (RFC 7468, OpenSSH, PGP), from their first line to their last; without one, all that follows. */
export const privateKey: Finder = (text, at) => {
  const label = text.slice(at + BEGIN.length, at + BEGIN.length + LABEL);
  const labelEnd = label.indexOf(DASHES);
  const body = at + BEGIN.length + labelEnd + DASHES.length;
  if (labelEnd < 0 || !/PRIVATE KEY(?: BLOCK)?$/.test(label.slice(0, labelEnd))) {
    return falseAlarm(at, at + BEGIN.length);
  }
  const last = text.indexOf(END, body);
  if (last < 0) return secret(at, text.length);
  const rest = text.slice(last + END.length, last + END.length + LABEL);
  const restEnd = rest.indexOf(DASHES);
  return secret(at, last + END.length + (restEnd < 0 ? rest.length : restEnd + DASHES.length));
};
