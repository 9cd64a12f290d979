/** What a deploy will take of this machine, in sentences. */
import { formatBytes, formatBytesOf, formatCores, formatCount } from '../../../shared/format.ts';
import type { Plan, Size } from '../../../shared/model.ts';
import { boundsSentence } from '../pools/pool-words.ts';
import { readTerms, type Terms } from '../pools/terms.ts';

const consequences: Record<Plan['bound'], string> = {
  cores: 'Jobs will share cores and take longer.',
  memory: 'Jobs may run out of memory when all of them work at once.',
  disk: 'The disk may fill up while jobs run.',
};

/** Why a count is more than fits, or null while it fits. */
export function overcommitment(plan: Pick<Plan, 'fits' | 'bound' | 'size'>, count: number): string | null {
  const beyond = count - plan.fits;
  if (beyond <= 0) return null;
  const consequence = consequences[plan.bound];
  if (plan.fits === 0)
    return `Not even one ${plan.size.preset} runner fits beside what runs now. ${consequence}`;
  return `${formatCount(beyond, 'runner')} more than fit. ${consequence}`;
}

/** What stands below the number of runners: what it means for how they live, and how many have room. */
export function countHelp(
  { fits, suggestedCount }: Pick<Plan, 'fits' | 'suggestedCount'>,
  terms: Terms,
  count: number | null,
): string {
  const { read } = count === null ? { read: null } : readTerms(terms, count);
  const bounds = read === null || terms.mode === 'manual' ? '' : boundsSentence(read);
  const suggested = fits === suggestedCount ? '' : `; ${suggestedCount} suggested`;
  const room = `This machine has room for ${formatCount(fits, 'more runner')} of this size${suggested}.`;
  return [bounds, fits === 0 ? '' : room].filter(Boolean).join(' ');
}

export interface Takes {
  /** Disk taken by the deploy itself. */
  disk: string;
  cores: string;
  memory: string;
}

/**
 * What `count` runners take.
 *
 * @param memoryBytes the machine's memory; null while unknown
 */
export function describeTakes(
  plan: Pick<Plan, 'diskPerRunnerBytes' | 'totalCores'>,
  size: Pick<Size, 'cores' | 'memoryBytes'>,
  count: number,
  memoryBytes: number | null,
): Takes {
  const memory = size.memoryBytes * count;
  return {
    disk: `about ${formatBytes(plan.diskPerRunnerBytes * count)}, and what jobs write`,
    cores: `${formatCores(count * size.cores)} of ${plan.totalCores}`,
    memory: memoryBytes === null ? formatBytes(memory) : formatBytesOf(memory, memoryBytes),
  };
}
