import { randomBytes } from 'node:crypto';
import { type StoryFields } from '../wire/story-fields.js';
import { type StoryMark } from './story-mark.js';

/**
 * Numbers the stories of a process, and makes ids of their numbers: UUIDs of version 8 (RFC 9562, section 5.8), of which
 * 74 bits are random, the same for the whole process, and the last 48 count. An id that is random for each request and
 * lives as long as its lines cost a request several times as much as all else that a story does.
 */
export class StoryIds {
  private readonly prefix = prefixOf(randomBytes(10));
  private last = 0;

  next(): number {
    this.last += 1;
    return this.last;
  }

  /** The texts of a mark. */
  fieldsOf({ number, came }: StoryMark): StoryFields {
    return { request_id: this.prefix + number.toString(16).padStart(12, '0'), ...came };
  }
}

function prefixOf(random: Buffer): string {
  random[6] = 0x80 | (random[6]! & 0x0f);
  random[8] = 0x80 | (random[8]! & 0x3f);
  const hex = random.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-`;
}
