/** How often clients are looked after, in milliseconds. */
const PULSE_MS = 5_000;

/** Calls back regularly, but only while somebody is there. `before` is also called when the first one comes. */
export class Pulse<T> {
  private readonly members = new Set<T>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly before: () => void,
    private readonly beat: (member: T) => void,
  ) {}

  add(member: T): void {
    this.members.add(member);
    if (this.timer) return;
    this.before();
    this.timer = setInterval(() => this.run(), PULSE_MS).unref();
  }

  remove(member: T): void {
    this.members.delete(member);
    if (this.members.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private run(): void {
    this.before();
    for (const member of this.members) this.beat(member);
  }
}
