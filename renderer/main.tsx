/** The page: theme first, then the way to the engine, then the screens. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createClient, openTransport } from './client/client.ts';
import { createSession, SessionContext } from './store/session.ts';
import { startTheme } from './store/theme.ts';
import './styles/tokens.css';
import './styles/base.css';

async function start(): Promise<void> {
  startTheme();
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no element with the id “root”.');
  const transport = await openTransport(window);
  const session = createSession({ client: createClient(transport), connection: transport });
  createRoot(root).render(
    <SessionContext value={session}>
      <App />
    </SessionContext>,
  );
}

void start();
