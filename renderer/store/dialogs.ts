/** The windows that any screen may open: one at a time, over whatever is shown. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Repair } from '../../shared/model.ts';

export type OpenDialog =
  | { kind: 'palette' }
  /** Without a workflow the person chooses one. */
  | { kind: 'run-workflow'; repositoryId: string | null; workflowId?: number }
  /** Null = all pools. */
  | { kind: 'export-pools'; poolId: string | null }
  | { kind: 'import-pools' }
  /** A line of a workflow file, before and after. */
  | { kind: 'patch'; patch: Extract<Repair, { kind: 'patch' }> }
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
