import { signal } from '@preact/signals';
import { type TrailStatusAnswer, type VerificationAnswer } from '../../../wire/trail-answers.js';
import { TrailRefusal, type TrailRoute } from './trail-route.js';

/** How long until a verification that runs is asked about again, in milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** What is known of a verification. */
export type VerifyState =
  | { readonly phase: 'none' }
  | { readonly phase: 'running'; readonly progress: VerificationAnswer['running'] }
  | { readonly phase: 'done'; readonly verification: VerificationAnswer }
  /** `offered` is false when the server has no such route. */
  | { readonly phase: 'refused'; readonly text: string; readonly offered: boolean };

/** Whether the trail works, how far it is signed, and what a verification says. */
export class TrailHealth {
  readonly status = signal<TrailStatusAnswer | undefined>(undefined);
  readonly verification = signal<VerifyState>({ phase: 'none' });

  constructor(private readonly route: TrailRoute) {}

  /** Asks how it is. Where there is no answer, nothing is shown rather than what was true before. */
  async refresh(): Promise<void> {
    const before = this.status.peek()?.checkpoint;
    const status = await this.route.status().catch(() => undefined);
    // A checkpoint may have been told meanwhile, by the stream.
    const told = this.status.peek()?.checkpoint;
    const newer = told !== before && told && told.size > (status?.checkpoint?.size ?? 0);
    this.status.value = status && newer ? { ...status, checkpoint: told } : status;
  }

  /** The trail was signed. @param note C2SP checkpoint, which says when */
  signed(size: number, note: string): void {
    const status = this.status.peek();
    if (!status) return void this.refresh();
    const time = /^time (\S+)$/m.exec(note)?.[1] ?? new Date().toISOString();
    this.status.value = { ...status, last: Math.max(status.last, size), checkpoint: { size, time } };
  }

  /** Has the server verify the trail, and waits for what it finds. */
  async verify(): Promise<void> {
    if (this.verification.peek().phase === 'running') return;
    this.verification.value = { phase: 'running', progress: null };
    try {
      let answer = await this.route.verify();
      while (answer.running) {
        this.verification.value = { phase: 'running', progress: answer.running };
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        answer = await this.route.verify();
      }
      this.verification.value = { phase: 'done', verification: answer };
    } catch (error) {
      this.verification.value = refused(error);
    }
    await this.refresh();
  }
}

function refused(error: unknown): VerifyState {
  const { status, message } = error instanceof TrailRefusal ? error : new TrailRefusal(0, String(error));
  if (status === 404) {
    return { phase: 'refused', offered: false, text: 'This server does not verify on request.' };
  }
  const text =
    status === 403
      ? 'You may not see all of the trail, and so not verify it.'
      : status === 503
        ? 'The trail could not be verified now.'
        : message;
  return { phase: 'refused', offered: true, text };
}
