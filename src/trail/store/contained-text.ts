/**
 * Tells whether a text stands somewhere in a stored payload, in any case.
 *
 * @param text `undefined` for no condition: then there is nothing to test
 */
export function containedText(text: string | undefined): ((payload: string) => boolean) | undefined {
  if (text === undefined) return undefined;
  // As it stands in JSON: a quote is two characters there.
  const needle = JSON.stringify(text.toLowerCase()).slice(1, -1);
  return (payload) => payload.toLowerCase().includes(needle);
}
