/** The panel: what stands around the screens, and which address shows which screen. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { lazy, Suspense, useEffect } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { ScreenSkeleton } from './components/skeleton.tsx';
import { navigate, useHashPath } from './router.ts';
import { NotFoundScreen } from './screens/not-found.tsx';
import { OverviewScreen } from './screens/overview/overview-screen.tsx';
import { ScreenBoundary } from './shell/screen-boundary.tsx';
import { Shell } from './shell/shell.tsx';
import { useBoard, useBoardReady } from './store/session.ts';

const RunnersScreen = lazy(async () => ({
  default: (await import('./screens/runners/runners-screen.tsx')).RunnersScreen,
}));
const RunnerScreen = lazy(async () => ({
  default: (await import('./screens/runner/runner-screen.tsx')).RunnerScreen,
}));
const PoolsScreen = lazy(async () => ({
  default: (await import('./screens/pools/pools-screen.tsx')).PoolsScreen,
}));
const PoolScreen = lazy(async () => ({
  default: (await import('./screens/pools/pool-screen.tsx')).PoolScreen,
}));
const DeployScreen = lazy(async () => ({
  default: (await import('./screens/deploy/deploy-screen.tsx')).DeployScreen,
}));
const DeployProgressScreen = lazy(async () => ({
  default: (await import('./screens/deploy/deploy-progress-screen.tsx')).DeployProgressScreen,
}));
const FirstRunScreen = lazy(async () => ({
  default: (await import('./screens/first-run/first-run-screen.tsx')).FirstRunScreen,
}));
const QueueScreen = lazy(async () => ({
  default: (await import('./screens/queue/queue-screen.tsx')).QueueScreen,
}));
const RunsScreen = lazy(async () => ({
  default: (await import('./screens/runs/runs-screen.tsx')).RunsScreen,
}));
const RunScreen = lazy(async () => ({
  default: (await import('./screens/run/run-screen.tsx')).RunScreen,
}));
const CheckScreen = lazy(async () => ({
  default: (await import('./screens/workflows/check-screen.tsx')).CheckScreen,
}));
const DraftScreen = lazy(async () => ({
  default: (await import('./screens/workflows/draft-screen.tsx')).DraftScreen,
}));
const HistoryScreen = lazy(async () => ({
  default: (await import('./screens/history/history-screen.tsx')).HistoryScreen,
}));
const SettingsScreen = lazy(async () => ({
  default: (await import('./screens/settings/settings-screen.tsx')).SettingsScreen,
}));

export function App() {
  const ready = useBoardReady();
  return (
    <CSPProvider disableStyleElements>
      <Router hook={useHashPath}>
        <Shell>
          {ready && <FirstRun />}
          <ScreenBoundary>
            <Suspense fallback={<ScreenSkeleton />}>{ready ? <Screens /> : <ScreenSkeleton />}</Suspense>
          </ScreenBoundary>
        </Shell>
      </Router>
    </CSPProvider>
  );
}

function Screens() {
  return (
    <Switch>
      <Route path="/" component={OverviewScreen} />
      <Route path="/queue" component={QueueScreen} />
      <Route path="/runners" component={RunnersScreen} />
      <Route path="/runners/:id">{({ id }) => <RunnerScreen key={id} runnerId={id} />}</Route>
      <Route path="/pools" component={PoolsScreen} />
      <Route path="/pools/:id">{({ id }) => <PoolScreen key={id} poolId={id} />}</Route>
      <Route path="/deploy" component={DeployScreen} />
      <Route path="/deploy/:id">{({ id }) => <DeployProgressScreen key={id} poolId={id} />}</Route>
      <Route path="/connect" component={FirstRunScreen} />
      <Route path="/runs" component={RunsScreen} />
      <Route path="/runs/:repositoryId/:runId">
        {({ repositoryId, runId }) => (
          <RunScreen key={`${repositoryId} ${runId}`} repositoryId={repositoryId} runId={Number(runId)} />
        )}
      </Route>
      <Route path="/workflows/check" component={CheckScreen} />
      <Route path="/workflows/new" component={DraftScreen} />
      <Route path="/workflows">
        <Redirect to="/runs" replace />
      </Route>
      <Route path="/history" component={HistoryScreen} />
      <Route path="/settings" component={SettingsScreen} />
      <Route path="/overview">
        <Redirect to="/" replace />
      </Route>
      <Route component={NotFoundScreen} />
    </Switch>
  );
}

/** A panel that is opened for the first time begins with connecting; later the overview says what is missing. */
function FirstRun() {
  const nothingConnected = useBoard((board) => Object.keys(board.connections).length === 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the first snapshot says counts
  useEffect(() => {
    if (nothingConnected && window.location.hash.replace(/^#\/?/, '') === '') {
      navigate('/connect', { replace: true });
    }
  }, []);
  return null;
}
