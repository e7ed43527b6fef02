/**
 * Numbers for values that come again and again: a line in the ring then holds two bytes in place of a name. It never
 * grows past its bound and never forgets, for there are lines that hold its numbers.
 */
export class InternTable<T> {
  private readonly values: T[] = [];
  private readonly numbers = new Map<T, number>();

  /** @param most values, up to 65,535 */
  constructor(private readonly most: number) {}

  /** @returns the number of a value, from 0; -1 when it is new and there is no room for it */
  numberOf(value: T): number {
    const known = this.numbers.get(value);
    return known === undefined ? this.add(value) : known;
  }

  valueOf(number: number): T {
    return this.values[number]!;
  }

  private add(value: T): number {
    const { length } = this.values;
    if (length === this.most) return -1;
    this.values.push(value);
    this.numbers.set(value, length);
    return length;
  }
}
