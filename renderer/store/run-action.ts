/** Doing something on a person's behalf, and telling how it went. */
import { problemOf } from '../client/problem.ts';
import { showToast, type ToastAction } from './toasts.ts';

/**
 * Awaits `work` and tells its outcome in a toast.
 * @param done what to say when it was done; null says nothing
 * @param undo a way back to offer
 * @returns whether it was done
 */
export async function runAction(
  work: () => Promise<unknown>,
  done: string | null,
  undo?: ToastAction,
): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    const { message, remedy } = problemOf(error);
    showToast({ tone: 'failed', message, remedy });
    return false;
  }
  if (done !== null) showToast({ message: done, action: undo ?? null });
  return true;
}
