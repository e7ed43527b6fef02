import { type JSX } from 'preact';
import { type Marks } from '../model/marks.js';
import { errorChain, stackLines } from '../model/stack-frames.js';
import { Visible } from './visible.js';

const LONGEST_LINE = 1_000;

/** An error and its causes, with the frames of the app's own code in front of the eyes. */
export function StackTrace({
  error,
  marks,
}: {
  readonly error: unknown;
  readonly marks: Marks;
}): JSX.Element {
  return (
    <>
      {errorChain(error).map(({ name, message, stack }, index) => (
        <div key={index} class="error">
          {index > 0 && <span class="error-cause">caused by</span>}
          <pre class="stack" tabIndex={0} role="region" aria-label={index > 0 ? 'Cause' : 'Stack trace'}>
            {stackLines(stack ?? `${name}: ${message}`).map(({ text, kind }, line) => (
              <span key={line} class={`stack-${kind}`}>
                <Visible text={text} marks={marks} most={LONGEST_LINE} />
                {'\n'}
              </span>
            ))}
          </pre>
        </div>
      ))}
    </>
  );
}
