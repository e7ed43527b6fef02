import { relativeUrl } from './relative-url.js';

/** Whether who asked for the page may watch; what the page shows depends on it. */
export type PageAccess =
  | 'granted'
  | 'unauthorized'
  | 'forbidden'
  /** Nobody has set who may watch: only this machine may, whatever token somebody has. */
  | 'local_only';

/** What the page is told by the server. */
export interface PageFacts {
  /** Path of the page itself. */
  readonly path: string;
  /** Path of the WebSocket. */
  readonly monitorPath: string;
  /** Path of the stream over HTTP; `undefined` where there is none. */
  readonly streamPath?: string;
  /** Path at which the audit trail can be read; `undefined` where there is none. */
  readonly trailPath?: string;
  readonly access: PageAccess;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Fills in the built page. It learns what it needs from `meta` elements: an inline script would need a hole in the
 * Content-Security-Policy.
 */
export function renderPage(template: string, facts: PageFacts): string {
  const { path, monitorPath, streamPath, trailPath, access } = facts;
  const url = (to: string | undefined): string => (to ? escapeHtml(relativeUrl(path, to)) : '');
  const page = path.slice(path.lastIndexOf('/') + 1);
  return (
    template
      // `/monitor` is no folder: what Vite wrote relative to the page is one level further down.
      .replaceAll('"./assets/', () => `"./${escapeHtml(page)}/assets/`)
      .replace('%MONITOR_URL%', () => url(monitorPath))
      .replace('%STREAM_URL%', () => url(streamPath))
      .replace('%TRAIL_URL%', () => url(trailPath))
      .replace('%ACCESS%', () => access)
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
