/** How many more runners this machine admits, and the sum that says why not more. */
import { formatCount } from '../../../shared/format.ts';
import type { Hold, Host, Load, Size } from '../../../shared/model.ts';
import { inCores, inGigabytes, measureRoom, type Room, tightest } from '../../hardware/plan.ts';

export interface AdmissionInput {
  host: Host;
  load: Load;
  /** Sizes of all runners that take a place here, of whatever pool. */
  present: Size[];
  /** Of one more. */
  size: Size;
  /** What one more runner's files take, in bytes. */
  diskPerRunnerBytes: number;
}

export interface Admission {
  /** How many more runners of the size are admitted now. */
  count: number;
  /** What keeps the next one out. */
  hold: Hold;
}

/** Computes it with the same sums as the plan of a deploy; a pure function of what it is given. */
export function admit({ size, ...machine }: AdmissionInput): Admission {
  const room = tightest(measureRoom(machine, size));
  return { count: room.fits, hold: { kind: room.resource, sentence: sentences[room.resource](room) } };
}

const sentences: Record<Room['resource'], (room: Room) => string> = {
  cores(room) {
    const amount = inCores(room.taken);
    const inUse = `${amount} of ${inCores(room.total)} cores ${amount === '1' ? 'is' : 'are'} in use by runners`;
    const kept = room.kept > 0 ? ` and ${inCores(room.kept)} stay for you` : '';
    return `${inUse}${kept}; ${whatRemains(room, inCores)}.`;
  },
  memory(room) {
    const inUse = `${inGigabytes(room.taken)} of ${inGigabytes(room.total)} memory are set aside for runners`;
    return `${inUse} and ${inGigabytes(room.kept)} for you; ${whatRemains(room, inGigabytes)}.`;
  },
  disk(room) {
    const free = `${inGigabytes(room.total)} of disk are free and ${inGigabytes(room.kept)} must stay so`;
    return `${free}; ${whatRemains(room, inGigabytes)}.`;
  },
};

/** "another needs 1", or "there is room for 2 runners of 1" as long as there is. */
function whatRemains({ fits, each }: Room, amount: (value: number) => string): string {
  if (fits === 0) return `another needs ${amount(each)}`;
  return `there is room for ${formatCount(fits, 'runner')} of ${amount(each)}`;
}
