/** Short messages about what was just done, with a way back where there is one. */

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  tone: 'done' | 'failed';
  message: string;
  /** What to do about it; null when the message says it all. */
  remedy: string | null;
  action: ToastAction | null;
}

/** More than this many at once are not read anyway; the oldest leaves. */
const mostShown = 4;

const toasts = createStore<readonly Toast[]>(() => []);
let lastId = 0;

/** Shows a message. One that failed stays until it is closed. */
export function showToast(toast: {
  message: string;
  tone?: Toast['tone'];
  remedy?: string | null;
  action?: ToastAction | null;
}): void {
  lastId += 1;
  const { message, tone = 'done', remedy = null, action = null } = toast;
  const same = (other: Toast): boolean => other.message === message && other.tone === tone;
  const kept = toasts.getState().filter((other) => !same(other));
  toasts.setState([...kept, { id: lastId, tone, message, remedy, action }].slice(-mostShown), true);
}

export function closeToast(id: number): void {
  toasts.setState(
    toasts.getState().filter((toast) => toast.id !== id),
    true,
  );
}

export function useToasts(): readonly Toast[] {
  return useStore(toasts);
}
