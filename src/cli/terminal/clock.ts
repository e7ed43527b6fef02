/** Shows times of the log: local ones, as those of the clock beside, or UTC, as on the wire. */
export class Clock {
  constructor(private readonly utc: boolean) {}

  /** `18:30:45.123`; the text itself when it is no time. */
  time(timestamp: string): string {
    const shown = this.shown(new Date(timestamp));
    return shown === undefined ? timestamp : shown.slice(11, 23) + (this.utc ? 'Z' : '');
  }

  /** `2025-10-08` */
  day(time: Date): string | undefined {
    return this.shown(time)?.slice(0, 10);
  }

  private shown(time: Date): string | undefined {
    if (Number.isNaN(time.getTime())) return undefined;
    const offset = this.utc ? 0 : time.getTimezoneOffset() * 60_000;
    return new Date(time.getTime() - offset).toISOString();
  }
}
