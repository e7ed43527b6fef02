export type TimeZone = 'local' | 'utc';

const two = (number: number): string => String(number).padStart(2, '0');

/** @returns as `14:05:09.123` */
export function clockTime(time: number, zone: TimeZone): string {
  const date = new Date(time);
  const [hours, minutes, seconds, ms] =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()];
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(ms).padStart(3, '0')}`;
}

/** @returns the day, as `2025-10-08` */
export function dayOf(time: number, zone: TimeZone): string {
  const date = new Date(time);
  if (Number.isNaN(time)) return '';
  if (zone === 'utc') return date.toISOString().slice(0, 10);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @returns with the day and the zone, as `2025-10-08 14:05:09.123 UTC` */
export function fullTime(time: number, zone: TimeZone): string {
  const date = new Date(time);
  const day = dayOf(time, zone);
  if (zone === 'utc') return `${day} ${clockTime(time, zone)} UTC`;
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const offset = `${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${day} ${clockTime(time, zone)} ${sign}${offset}`;
}

/** @returns as `0.8 ms`, `340 ms`, `1.25 s`, `2 m 05 s` */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
}

/** @returns with a mark between thousands, everywhere the same */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** @returns short enough for a button, as `12.3k` */
export function shortCount(number: number): string {
  if (number < 1_000) return String(number);
  if (number < 9_950) return `${(number / 1_000).toFixed(1)}k`;
  return `${Math.round(number / 1_000)}k`;
}
