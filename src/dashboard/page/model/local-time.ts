import { type TimeZone } from './format.js';

const SECONDS = 'YYYY-MM-DDTHH:MM:SS'.length;

/** @returns a time as a field of type `datetime-local` has it, in a time zone; '' for none */
export function fieldTime(iso: string, zone: TimeZone): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  const shift = zone === 'utc' ? 0 : new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - shift).toISOString().slice(0, SECONDS);
}

/** @returns what was entered there as ISO 8601, UTC; '' for nothing */
export function timeOfField(entered: string, zone: TimeZone): string {
  // Without an offset it is read as local time.
  const time = Date.parse(zone === 'utc' && entered !== '' ? `${entered}Z` : entered);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
