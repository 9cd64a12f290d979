/** The windows that any screen may open: one at a time, over whatever is shown. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type OpenDialog =
  | { kind: 'palette' }
  | { kind: 'run-workflow'; repositoryId: string | null }
  /** Null = all pools. */
  | { kind: 'export-pools'; poolId: string | null }
  | { kind: 'import-pools' }
  | { kind: 'quit' };

const open = createStore<{ dialog: OpenDialog | null }>(() => ({ dialog: null }));

export function openDialog(dialog: OpenDialog): void {
  open.setState({ dialog });
}

export function closeDialog(): void {
  open.setState({ dialog: null });
}

export function useOpenDialog(): OpenDialog | null {
  return useStore(open, ({ dialog }) => dialog);
}
