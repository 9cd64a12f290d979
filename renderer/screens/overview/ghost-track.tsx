/** The track before anybody runs on it: lanes with the staggered start of a stadium. */
import styles from './ghost-track.module.css';

const lanes = [0, 1, 2, 3];

export function GhostTrack() {
  return (
    <svg className={styles.track} viewBox="0 0 360 108" aria-hidden="true">
      {lanes.map((lane) => {
        const y = 4 + lane * 26;
        const start = 44 + lane * 22;
        return (
          <g key={lane}>
            <rect className={styles.lane} x="2" y={y} width="356" height="20" rx="6" />
            <text className={styles.number} x="14" y={y + 14}>
              {lane + 1}
            </text>
            <rect className={styles.start} x={start} y={y} width="2.5" height="20" rx="1" />
            <path className={styles.way} d={`M${start + 12} ${y + 10}H346`} />
          </g>
        );
      })}
    </svg>
  );
}
