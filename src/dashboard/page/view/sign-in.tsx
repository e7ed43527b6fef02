import { useSignal } from '@preact/signals';
import { type JSX } from 'preact';
import { type Access, pageAccess, type PageSession } from '../state/page-session.js';

interface SignInProps {
  readonly session: PageSession;
  readonly access: Access;
  readonly onSignedIn: () => void;
}

const REFUSED: Readonly<Record<Access, string>> = {
  granted: '',
  unauthorized: 'The server does not accept this token.',
  forbidden: 'You are known, but may not watch this stream.',
  local_only: '',
  unknown: 'The server does not answer. Try again.',
};

/** For whom a token would not help: what is wrong, and who can set it right. */
export function LocalOnly(): JSX.Element {
  return (
    <main class="sign-in">
      <div class="sign-in-text">
        <h1>Log stream</h1>
        <p>
          These logs are shown on the machine of the application alone, because nobody has set who else may
          watch.
        </p>
        <p>
          Who runs the application sets the option <code>authorize</code>:
        </p>
        <pre>{`LogStreamModule.forRoot({
  authorize: bearerToken(process.env.MONITOR_TOKEN),
})`}</pre>
        <p class="small">
          You are here by another machine, or through a proxy on the same one. From the machine itself,{' '}
          <code>http://localhost</code> and the port of the application lets in.
        </p>
      </div>
    </main>
  );
}

/** In place of the dashboard, for somebody whom the server does not know. */
export function SignIn({ session, access, onSignedIn }: SignInProps): JSX.Element {
  const problem = useSignal(access === 'forbidden' ? REFUSED.forbidden : '');
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    busy.value = true;
    const answer = await pageAccess(token);
    busy.value = false;
    if (answer !== 'granted') return void (problem.value = REFUSED[answer]);
    session.signIn(token);
    onSignedIn();
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Log stream</h1>
        <p>The logs of this application are shown to those whom it knows.</p>
        <label for="token">Access token</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          autofocus
          aria-describedby="token-problem"
        />
        <p id="token-problem" class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" disabled={busy.value}>
          {busy.value ? 'Asking…' : 'Watch'}
        </button>
        <p class="small">The token stays in this tab and is forgotten when you close it.</p>
      </form>
    </main>
  );
}
