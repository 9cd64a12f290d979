/** The machine, divided: what runs already, what would be new, what stays for the person. */
import { formatBytes, formatCores } from '../../../shared/format.ts';
import type { Plan } from '../../../shared/model.ts';
import { type Block, describeDivision, divideMachine, layOut, type Rectangle } from './machine.ts';
import styles from './machine-picture.module.css';

const width = 330;
const height = 140;
const margin = 8;
const gap = 4;

interface MachinePictureProps {
  plan: Plan;
  count: number;
  /** Null while unknown. */
  memoryBytes: number | null;
}

const legends: Record<Block['kind'], string> = {
  used: 'in use',
  new: 'new',
  over: 'too many',
  free: 'free',
  yours: 'yours',
};

export function MachinePicture({ plan, count, memoryBytes }: MachinePictureProps) {
  const { inside, outside } = divideMachine(plan, count);
  const boxes = layOut(inside, width - 2 * margin + gap, height - 2 * margin + gap);
  const memory = memoryBytes === null ? '' : ` · ${formatBytes(memoryBytes)}`;
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={describeDivision(plan, count)}
        className={styles.machine}
      >
        <rect className={styles.case} width={width} height={height} rx="12" />
        {inside.map((block, index) => (
          <BlockShape key={block.key} block={block} box={boxes[index]} />
        ))}
      </svg>
      {outside > 0 && (
        <p className={styles.outside} aria-hidden="true">
          + {outside.toLocaleString('en')} without cores of {outside === 1 ? 'its' : 'their'} own
        </p>
      )}
      <figcaption className={styles.caption}>
        <span>
          {plan.totalCores} cores{memory}
        </span>
        {count > 0 && (
          <span>
            {formatCores(plan.size.cores * count)} for {count === 1 ? 'this runner' : 'these runners'}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function BlockShape({ block, box }: { block: Block; box: Rectangle | undefined }) {
  if (box === undefined) return null;
  const place = {
    x: margin + box.x,
    y: margin + box.y,
    width: Math.max(1, box.width - gap),
    height: Math.max(1, box.height - gap),
  };
  const text = block.runners > 1 ? `${block.runners} ${legends[block.kind]}` : legends[block.kind];
  const fits = place.width > text.length * 6.4 + 6 && place.height > 15;
  return (
    <g className={styles[block.kind]}>
      <rect className={styles.block} style={inPixels(place)} rx="6" />
      {fits && (
        <text
          className={styles.word}
          style={{
            transform: `translate(${place.x + place.width / 2}px, ${place.y + place.height / 2 + 4}px)`,
          }}
        >
          {text}
        </text>
      )}
    </g>
  );
}

/** As CSS properties, so that a change glides. */
function inPixels({ x, y, width: across, height: down }: Rectangle): Record<string, string> {
  return { x: `${x}px`, y: `${y}px`, width: `${across}px`, height: `${down}px` };
}
