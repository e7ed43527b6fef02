import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { findActiveSpan, type ActiveSpan } from './active-span.js';
import { currentStory } from './current-story.js';
import { type StoryMark } from './story-mark.js';

/** Says which story a line belongs to that is logged now. */
@Injectable()
export class Stories implements OnModuleInit {
  /** By the option `story`. */
  readonly areTold: boolean;
  private activeSpan: ActiveSpan | undefined;

  constructor(@Inject(LOG_STREAM_OPTIONS) { story }: Pick<ResolvedLogStreamOptions, 'story'>) {
    this.areTold = story;
  }

  async onModuleInit(): Promise<void> {
    if (this.areTold) this.activeSpan = await findActiveSpan();
  }

  /** `undefined` outside of requests and messages. */
  get current(): StoryMark | undefined {
    const story = this.areTold ? currentStory() : undefined;
    if (!story) return undefined;
    const span = this.activeSpan?.();
    return span ? story.within(span) : story;
  }
}
