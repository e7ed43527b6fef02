import { type OutgoingHttpHeaders } from 'node:http';

/**
 * The page shows texts that anybody may have got logged. Should one of them ever become markup, it can run nothing,
 * load nothing and send nothing anywhere. `connect-src 'self'` covers the WebSocket of the same host.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** What every answer of the dashboard says. */
export const COMMON_HEADERS: OutgoingHttpHeaders = {
  'X-Content-Type-Options': 'nosniff',
  // The link of a view holds what somebody searched for.
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Of the page, which depends on who asks. A proxy must not hand it to somebody else. */
export const PAGE_HEADERS: OutgoingHttpHeaders = {
  ...COMMON_HEADERS,
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  // Keeps a page that opened this one, or that it opened, from reaching into its window.
  'Cross-Origin-Opener-Policy': 'same-origin',
  // For browsers that know no `frame-ancestors`.
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'private, no-cache',
  Vary: 'Accept, Authorization, Cookie',
};

/** Of a file whose name has the hash of what is in it: it can never change. */
export const ASSET_HEADERS: OutgoingHttpHeaders = {
  ...COMMON_HEADERS,
  'Cache-Control': 'public, max-age=31536000, immutable',
  Vary: 'Accept-Encoding',
};

export const TEXT_HEADERS: OutgoingHttpHeaders = {
  ...COMMON_HEADERS,
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
};
