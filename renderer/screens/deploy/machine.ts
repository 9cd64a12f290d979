/** Divides a machine's cores into the blocks of its picture; areas are proportional to cores. */
import type { Plan } from '../../../shared/model.ts';

/** `used`: runners here already; `new`: fits; `over`: beyond what fits; `free`: nobody's; `yours`: kept for the person. */
type BlockKind = 'used' | 'new' | 'over' | 'free' | 'yours';

export interface Block {
  /** Stable while the count changes, so that a block moves instead of being drawn anew. */
  key: string;
  kind: BlockKind;
  cores: number;
  /** How many runners the block stands for. */
  runners: number;
}

export interface Division {
  /** Fill the machine, in drawing order. */
  inside: Block[];
  /** Runners for which the machine has no cores left: drawn outside of it. */
  outside: number;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** More than this many new runners are drawn as one block. */
const drawnOneByOne = 32;

type Cores = Pick<Plan, 'size' | 'fits' | 'reservedCores' | 'usedCores' | 'totalCores'>;

/** Where the cores of the machine go when `count` runners of the plan's size are deployed. */
export function divideMachine(plan: Cores, count: number): Division {
  const used = Math.min(plan.usedCores, plan.totalCores);
  const yours = Math.min(plan.reservedCores, plan.totalCores - used);
  const open = plan.totalCores - used - yours;
  const placed = Math.min(count, Math.floor(open / plan.size.cores + 1e-9));
  const free = open - placed * plan.size.cores;
  const inside = [
    block('used', 'used', used, 0),
    ...newBlocks(plan, placed),
    block('free', 'free', free > 1e-9 ? free : 0, 0),
    block('yours', 'yours', yours, 0),
  ];
  return { inside: inside.filter(({ cores }) => cores > 0), outside: Math.max(0, count - placed) };
}

function newBlocks(plan: Cores, placed: number): Block[] {
  const fitting = Math.min(placed, plan.fits);
  const over = placed - fitting;
  if (placed > drawnOneByOne) {
    return [
      block('new', 'new', fitting * plan.size.cores, fitting),
      block('over', 'over', over * plan.size.cores, over),
    ];
  }
  return Array.from({ length: placed }, (_, index) =>
    block(`new-${index}`, index < fitting ? 'new' : 'over', plan.size.cores, 1),
  );
}

function block(key: string, kind: BlockKind, cores: number, runners: number): Block {
  return { key, kind, cores, runners };
}

/**
 * Lays blocks out in columns from left to right, each area proportional to its cores, keeping their order. A block joins
 * the column before it while that makes the column's blocks squarer.
 */
export function layOut(blocks: readonly Block[], width: number, height: number): Rectangle[] {
  const total = blocks.reduce((sum, { cores }) => sum + cores, 0);
  const areaPerCore = total === 0 ? 0 : (width * height) / total;
  const columns = toColumns(
    blocks.map(({ cores }) => cores * areaPerCore),
    height,
  );
  let x = 0;
  return columns.flatMap((areas) => {
    const columnWidth = sum(areas) / height;
    let y = 0;
    const rectangles = areas.map((area) => {
      const rectangle = { x, y, width: columnWidth, height: area / columnWidth };
      y += rectangle.height;
      return rectangle;
    });
    x += columnWidth;
    return rectangles;
  });
}

function toColumns(areas: readonly number[], height: number): number[][] {
  const columns: number[][] = [];
  for (const area of areas) {
    const last = columns.at(-1);
    if (last !== undefined && worstRatio([...last, area], height) <= worstRatio(last, height))
      last.push(area);
    else columns.push([area]);
  }
  return columns;
}

/** The longest side over the shortest, of the least square block in a column. */
function worstRatio(areas: readonly number[], height: number): number {
  const columnWidth = sum(areas) / height;
  return Math.max(...areas.map((area) => Math.max(area / columnWidth ** 2, columnWidth ** 2 / area)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The picture in words, for those who do not see it: "16 cores: 3 new runners of 4, 4 for you". */
export function describeDivision(plan: Cores, count: number): string {
  const { inside, outside } = divideMachine(plan, count);
  const cores = (kind: BlockKind): number =>
    sum(inside.filter((row) => row.kind === kind).map((row) => row.cores));
  const runners = (kind: BlockKind): number =>
    sum(inside.filter((row) => row.kind === kind).map((row) => row.runners));
  const parts = [
    cores('used') > 0 ? `${cores('used')} in use by runners` : '',
    runners('new') > 0 ? `${runners('new')} new of ${plan.size.cores} each` : '',
    runners('over') + outside > 0 ? `${runners('over') + outside} more than fit` : '',
    cores('free') > 0 ? `${cores('free')} free` : '',
    cores('yours') > 0 ? `${cores('yours')} for you` : '',
  ];
  return `${plan.totalCores} cores: ${parts.filter((part) => part !== '').join(', ')}`;
}
