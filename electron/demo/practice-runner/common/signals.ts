/** Signals as the numbers that exit codes are made from. */
import { constants } from 'node:os';

export function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : constants.signals[name];
}
