/**
 * Decodes standard base64 (RFC 4648, section 4), only as an encoder writes it: `Buffer.from` takes other alphabets,
 * no padding and rubbish, so that one signature would have many spellings.
 *
 * @returns `undefined` when it is none
 */
export function exactBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
