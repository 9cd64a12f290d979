/** Bounds and presets that both sides need, without a schema library, so that a page may carry them. */
import type { Size } from './model.ts';

/** Most runners one deploy may ask for. */
export const maxRunnersPerDeploy = 200;

export const gigabyte = 1024 ** 3;

/** The sizes a runner can have. */
export const presets: Record<Exclude<Size['preset'], 'custom'>, Size> = {
  small: { preset: 'small', cores: 1, memoryBytes: 2 * gigabyte },
  multi: { preset: 'multi', cores: 4, memoryBytes: 6 * gigabyte },
  standard: { preset: 'standard', cores: 4, memoryBytes: 8 * gigabyte },
  large: { preset: 'large', cores: 10, memoryBytes: 16 * gigabyte },
};
