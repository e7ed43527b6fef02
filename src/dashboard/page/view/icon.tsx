import { type JSX } from 'preact';

/** Drawn on a grid of 16, as lines. */
const PATHS = {
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6l7.5-4.8z',
  tail: 'M4 3.5l4 4 4-4M4 8.5l4 4 4-4',
  head: 'M4 12.5l4-4 4 4M4 7.5l4-4 4 4',
  clear: 'M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  fold: 'M3 3.5h10M3 12.5h10M8 5.2v5.6M6.2 6.8 8 5l1.8 1.8M6.2 9.2 8 11l1.8-1.8',
  columns: 'M2.5 3.5h11v9h-11zM6.2 3.5v9M9.8 3.5v9',
  order: 'M5 3v10M2.8 10.8 5 13l2.2-2.2M8.5 4h5M8.5 8h4M8.5 12h3',
  wrap: 'M2.5 4h11M2.5 8h8.5a2 2 0 0 1 0 4H8M9.5 10.3 7.8 12l1.7 1.7M2.5 12h2.5',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2 1.5',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  help: 'M6 6a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4v.3M8 12.2v.3',
  link: 'M6.7 9.3 9.3 6.7M7.4 5.2l1.5-1.5a2.5 2.5 0 0 1 3.5 3.5l-1.5 1.5M8.6 10.8l-1.5 1.5a2.5 2.5 0 0 1-3.5-3.5l1.5-1.5',
  marker: 'M9.5 2.8l3.7 3.7-5.4 5.4H5.4L4.1 10.6V8.2zM3 13.5h10',
  search: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3 3',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  context: 'M3 3.5h10M3 12.5h10M5 6.5h8v3H5zM2.5 8H4',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  seal: 'M8 2l4.5 1.6v4c0 3-1.9 5-4.5 6.2C5.4 12.6 3.5 10.6 3.5 7.6v-4zM5.9 7.9l1.5 1.5 2.8-3',
  alert: 'M8 2.6 14 13H2zM8 6.6v3M8 11.2v.2',
  bell: 'M8 2.5a3.6 3.6 0 0 0-3.6 3.6c0 3.3-1.4 4.4-1.4 4.9h10c0-.5-1.4-1.6-1.4-4.9A3.6 3.6 0 0 0 8 2.5zM6.7 13.2a1.5 1.5 0 0 0 2.6 0',
  only: 'M8 3.5v9M3.5 8h9',
  not: 'M3.5 8h9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
