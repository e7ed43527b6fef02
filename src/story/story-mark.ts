import { type StoryFields } from '../wire/story-fields.js';

/**
 * What a line keeps of its story: a number, and nothing that has to be made for it. The texts of {@link StoryFields} are
 * made when somebody reads the line.
 */
export interface StoryMark {
  /** Counts the stories of this process, from 1. */
  readonly number: number;
  /** What others gave the story; `undefined` when they gave nothing, as for nearly all. */
  readonly came: Omit<StoryFields, 'request_id'> | undefined;
}
