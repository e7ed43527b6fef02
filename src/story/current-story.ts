import { AsyncLocalStorage } from 'node:async_hooks';
import { type StoryFields } from '../wire/story-fields.js';
import { StoryIds } from './story-ids.js';
import { type StoryMark } from './story-mark.js';
import { Story, type StoryOrigin } from './story.js';

/** Holds no state of its own: each story belongs to the asynchronous context of its request and goes with it. */
const stories = new AsyncLocalStorage<Story>();

/** Of the process, as the asynchronous context is: applications in one process never share an id. */
const ids = new StoryIds();

/** Runs what a story is about. */
export function tell<T>(story: Story, work: () => T): T {
  return stories.run(story, work);
}

/** @param origin asked once, when the first line of the story is logged */
export function newStory(origin?: () => StoryOrigin): Story {
  return new Story(ids.next(), origin);
}

/** The texts of a mark that a line of this process kept. */
export function storyFields(mark: StoryMark): StoryFields {
  return ids.fieldsOf(mark);
}

/** The story that we are in. */
export function currentStory(): Story | undefined {
  return stories.getStore();
}

/**
 * Runs a function as a story of its own: every line that is logged during it, and during everything that it starts, has
 * the same `request_id`. For cron jobs, queues and scripts; requests and messages have a story without it.
 *
 *     @Cron('0 * * * *')
 *     clean() { return runInStory(() => this.files.clean()); }
 *
 * @param origin what the job was given on its way, so that it can be found by that
 * @publicApi
 */
export function runInStory<T>(work: () => T, origin: StoryOrigin = {}): T {
  return tell(
    newStory(() => origin),
    work,
  );
}
