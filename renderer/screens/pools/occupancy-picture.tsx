/** How full a pool is, as shapes: its runners by what they do, and the places that are free. */
import { classNames } from '../../components/class-names.ts';
import { type Shape, StateShape, type Tone } from '../../components/pill.tsx';
import { describeOccupancy, type Occupancy, takenPlaces } from './occupancy.ts';
import styles from './occupancy-picture.module.css';

/** Beyond this many places the parts are drawn as a bar: single shapes would not be counted anyway. */
const mostShapes = 32;

const looks: readonly { kind: Exclude<keyof Occupancy, 'maximum'>; tone: Tone; shape: Shape }[] = [
  { kind: 'busy', tone: 'busy', shape: 'square' },
  { kind: 'idle', tone: 'idle', shape: 'disc' },
  { kind: 'coming', tone: 'busy', shape: 'half' },
  { kind: 'leaving', tone: 'wait', shape: 'ring' },
  { kind: 'stopped', tone: 'off', shape: 'dashed' },
  { kind: 'failed', tone: 'fail', shape: 'triangle' },
];

export function OccupancyPicture({ occupancy, large = false }: { occupancy: Occupancy; large?: boolean }) {
  const free = Math.max(0, occupancy.maximum - takenPlaces(occupancy));
  const places = takenPlaces(occupancy) + occupancy.leaving + free;
  const label = describeOccupancy(occupancy);
  if (places > mostShapes) {
    return (
      <div className={styles.bar} role="img" aria-label={label}>
        {looks.map(({ kind, tone }) => (
          <span key={kind} className={styles[tone]} style={{ flexGrow: occupancy[kind] }} />
        ))}
        <span style={{ flexGrow: free }} />
      </div>
    );
  }
  return (
    <div className={classNames(styles.shapes, large && styles.large)} role="img" aria-label={label}>
      {looks.flatMap(({ kind, tone, shape }) =>
        Array.from({ length: occupancy[kind] }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: runners that do the same are drawn alike
          <span key={`${kind}-${index}`} className={styles[tone]}>
            <StateShape shape={shape} size={large ? 18 : 13} />
          </span>
        )),
      )}
      {Array.from({ length: free }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: free places are alike
        <span key={`free-${index}`} className={styles.free} />
      ))}
    </div>
  );
}
