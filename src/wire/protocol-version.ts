/** The version of the extended protocol: `?v=1` in the URL, `{ "v": 1 }` in a `hello`. */
export const PROTOCOL_VERSION = 1;
