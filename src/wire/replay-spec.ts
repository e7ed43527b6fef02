/** Where a client wants to start: so many of the newest records that match, or behind a cursor. */
export type ReplaySpec = { readonly last: number } | { readonly after: string };
