/** Takes a runner's registration off the forge, and writes down what could not be taken off. */
import { TracksideError } from '../../shared/errors.ts';
import { controlFolderOf, type DeployContext } from './deploy.ts';
import type { RunnerEntry } from './entry.ts';
import { deconfigureRunner, readRegistration } from './register.ts';

export interface DeregisterContext extends Pick<DeployContext, 'forgeOf' | 'folderOf' | 'removeTokens'> {
  /** Keeps in mind a registration that could not be removed now, for the *Clean up* button. */
  onRegistrationLeft(left: {
    repositoryId: string;
    name: string;
    forgeRunnerId: number | null;
    reason: string;
  }): Promise<void>;
}

/**
 * Deregisters the way the vendor documents (`config.sh remove`), confirms it on the forge, and deletes it there when it
 * is still listed. Never rejects for the forge's sake: what stays is handed to `onRegistrationLeft`.
 */
export async function deregister(entry: RunnerEntry, context: DeregisterContext): Promise<void> {
  const { registration, clone, ephemeral } = entry.record();
  if (registration === 'none') return;
  const { repositoryId, name } = entry.runner();
  // One whose configuration was cut short may have its number from the runner alone.
  const forgeRunnerId = entry.runner().forgeRunnerId ?? (clone && (await numberIn(clone.root)));
  try {
    const { forge, fullName } = context.forgeOf(repositoryId);
    // What a JIT configuration registered has nothing that config.sh could remove.
    if (registration === 'yes' && clone && !ephemeral) {
      const ask = () => forge.removeToken(fullName);
      const { token } = await context.removeTokens.get(repositoryId, ask, new AbortController().signal);
      const controlFolder = controlFolderOf(context.folderOf(entry.id));
      await deconfigureRunner({ runnerRoot: clone.root, controlFolder, token }).catch(() => {});
    }
    const listed = await forge.runnerByName(fullName, name);
    const ours = listed && (forgeRunnerId === null || listed.id === forgeRunnerId);
    if (ours) await forge.deleteRunner(fullName, listed.id);
  } catch (error) {
    context.removeTokens.forget(repositoryId);
    const reason = error instanceof Error ? error.message : String(error);
    await context.onRegistrationLeft({ repositoryId, name, forgeRunnerId, reason });
  }
}

/**
 * Takes the registration of an idle runner off the forge so that no job can reach it any more; the forge itself refuses
 * while it runs one.
 * @returns `busy`: it runs a job. `unknown`: the forge cannot be asked. The registration stays in both cases
 */
export async function withdraw(
  entry: RunnerEntry,
  context: DeregisterContext,
): Promise<'gone' | 'busy' | 'unknown'> {
  const { repositoryId, forgeRunnerId } = entry.runner();
  if (forgeRunnerId === null) return 'gone';
  try {
    const { forge, fullName } = context.forgeOf(repositoryId);
    await forge.deleteRunner(fullName, forgeRunnerId);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    entry.show({ cause: `It cannot leave yet: ${reason}` });
    return error instanceof TracksideError && error.code === 'CONFLICT' ? 'busy' : 'unknown';
  }
  await entry.note({ registration: 'none' }, { forgeRunnerId: null });
  return 'gone';
}

/** The number under which the runner in this folder is registered; null when it does not know of any. */
async function numberIn(runnerRoot: string): Promise<number | null> {
  const registration = await readRegistration(runnerRoot).catch(() => null);
  return registration?.forgeRunnerId ?? null;
}
