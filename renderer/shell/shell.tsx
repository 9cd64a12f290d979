/** What stands around every screen: navigation, banners, messages, the command palette. */
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Toasts } from '../components/toasts.tsx';
import { closeDialog, openDialog, useOpenDialog } from '../store/dialogs.ts';
import { useBoardReady } from '../store/session.ts';
import { Announcer } from './announcer.tsx';
import { Banners } from './banners.tsx';
import { EndedPage, useEnded } from './ended-page.tsx';
import { Navigation } from './navigation.tsx';
import { Notifier } from './notifier.tsx';
import styles from './shell.module.css';

const CommandPalette = lazy(async () => ({
  default: (await import('./command-palette.tsx')).CommandPalette,
}));
const RunWorkflowDialog = lazy(async () => ({
  default: (await import('../screens/workflows/run-workflow-dialog.tsx')).RunWorkflowDialog,
}));

const QuitDialog = lazy(async () => ({ default: (await import('./quit-dialog.tsx')).QuitDialog }));
const ExportDialog = lazy(async () => ({
  default: (await import('../screens/pools/export-dialog.tsx')).ExportDialog,
}));
const PatchDialog = lazy(async () => ({
  default: (await import('../screens/queue/patch-dialog.tsx')).PatchDialog,
}));
const ImportDialog = lazy(async () => ({
  default: (await import('../screens/pools/import-dialog.tsx')).ImportDialog,
}));

export function Shell({ children }: { children: ReactNode }) {
  usePaletteChord();
  const ended = useEnded();
  if (ended !== null) return <EndedPage how={ended} />;
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Navigation />
      <div className={styles.page}>
        <Banners />
        <main className={styles.main} id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <Toasts />
      <Announcer />
      <Notifier />
      <Suspense>
        <OpenDialog />
      </Suspense>
    </div>
  );
}

function OpenDialog() {
  const dialog = useOpenDialog();
  const ready = useBoardReady();
  if (dialog === null || !ready) return null;
  switch (dialog.kind) {
    case 'palette':
      return <CommandPalette onClose={closeDialog} />;
    case 'run-workflow':
      return (
        <RunWorkflowDialog
          repositoryId={dialog.repositoryId}
          workflowId={dialog.workflowId ?? null}
          onClose={closeDialog}
        />
      );
    case 'export-pools':
      return <ExportDialog poolId={dialog.poolId} onClose={closeDialog} />;
    case 'import-pools':
      return <ImportDialog onClose={closeDialog} />;
    case 'patch':
      return <PatchDialog patch={dialog.patch} onClose={closeDialog} />;
    case 'quit':
      return <QuitDialog onClose={closeDialog} />;
  }
}

/** Ctrl/Cmd-K opens the command palette, and closes it again. */
function usePaletteChord(): void {
  const open = useOpenDialog();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return;
      event.preventDefault();
      if (open?.kind === 'palette') closeDialog();
      else if (open === null) openDialog({ kind: 'palette' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}
