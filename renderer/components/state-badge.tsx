/** The state of a runner as a pill. */
import type { Runner } from '../../shared/model.ts';
import { Pill } from './pill.tsx';
import { runnerLook } from './runner-state.ts';

export function StateBadge({
  runner,
}: {
  runner: Pick<Runner, 'state' | 'draining' | 'updating' | 'retryAt'>;
}) {
  const { tone, shape, word } = runnerLook(runner);
  return (
    <Pill tone={tone} shape={shape}>
      {word}
    </Pill>
  );
}
