import { render } from 'preact';
import { Dashboard } from './state/dashboard.js';
import { Feed } from './state/feed.js';
import { type Access, pageAccess, PageSession } from './state/page-session.js';
import { TrailRoute } from './state/trail-route.js';
import './style/index.css';
import { App } from './view/app.js';
import { LocalOnly, SignIn } from './view/sign-in.js';

const root = document.getElementById('app')!;
const session = new PageSession();

function watch(): void {
  const trailUrl = factOf('trail-url');
  const dashboard = new Dashboard(trailUrl === '' ? undefined : new TrailRoute(trailUrl, session));
  const feed = new Feed(factOf('monitor-url'), dashboard, session, { streamUrl: factOf('stream-url') });
  dashboard.control = feed;
  const wake = (): void => {
    if (document.visibilityState === 'visible') feed.wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  render(<App dashboard={dashboard} />, root);
}

function askWho(access: Access): void {
  const onSignedIn = (): void => {
    render(null, root);
    watch();
  };
  render(<SignIn session={session} access={access} onSignedIn={onSignedIn} />, root);
}

/** What the server has written into the page. */
function factOf(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="log-stream-${name}"]`)?.content ?? '';
}

const access = factOf('access') as Access;
// A page that is loaded again comes without the token, which no browser sends by itself.
const known =
  access === 'unauthorized' && session.token !== undefined ? await pageAccess(session.token) : access;
if (known === 'granted') watch();
else if (known === 'local_only') render(<LocalOnly />, root);
else askWho(known);
