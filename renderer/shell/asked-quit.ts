/** What this page itself asked the engine's end to be like: known here before the board can tell. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { QuitManner } from '../../shared/model.ts';

const asked = createStore<{ how: QuitManner | null }>(() => ({ how: null }));

export function rememberQuit(how: QuitManner | null): void {
  asked.setState({ how });
}

export function useAskedQuit(): QuitManner | null {
  return useStore(asked, ({ how }) => how);
}
