/** The jobs of a run in the order in which they depend on each other; those of one matrix stand together. */
import type { RunJob } from '../../../shared/model.ts';

/** A lane of the timeline: one job, or several of one matrix or called workflow. */
export type JobLane =
  | { kind: 'job'; key: string; title: string; job: RunJob; indented: boolean }
  | { kind: 'group'; key: string; title: string; jobs: readonly RunJob[]; open: boolean };

/** Larger groups begin folded. */
const mostUnfolded = 8;

/**
 * Lanes from top to bottom: no job stands above one that it needs, except inside of a cycle.
 * @param toggled keys of groups that a person has folded or unfolded
 */
export function jobLanes(jobs: readonly RunJob[], toggled: ReadonlySet<string>): JobLane[] {
  const depths = depthsOf(jobs);
  const depth = (job: RunJob): number => depths.get(job.key) ?? 0;
  const units = unitsOf(jobs).sort(
    (a, b) =>
      Math.min(...a.jobs.map(depth)) - Math.min(...b.jobs.map(depth)) || startOf(a.jobs) - startOf(b.jobs),
  );
  return units.flatMap(({ title, jobs: members }) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return [laneOf(only, only.name, false)];
    const key = `group ${title}`;
    const open = members.length <= mostUnfolded !== toggled.has(key);
    const ordered = [...members].sort((a, b) => depth(a) - depth(b));
    const inside = open ? ordered.map((job) => laneOf(job, nameInGroup(job.name, title), true)) : [];
    return [{ kind: 'group' as const, key, title, jobs: ordered, open }, ...inside];
  });
}

const laneOf = (job: RunJob, title: string, indented: boolean): JobLane => ({
  kind: 'job',
  key: job.key,
  title,
  job,
  indented,
});

function startOf(jobs: readonly RunJob[]): number {
  return jobs.reduce((first, job) => Math.min(first, job.startedAt ?? Infinity), Number.MAX_SAFE_INTEGER);
}

/** How many jobs come before each one at most. */
function depthsOf(jobs: readonly RunJob[]): Map<string, number> {
  const byKey = new Map(jobs.map((job) => [job.key, job]));
  const depths = new Map<string, number>();
  const visiting = new Set<string>();
  const visit = (job: RunJob): number => {
    const known = depths.get(job.key);
    if (known !== undefined) return known;
    if (visiting.has(job.key)) return 0;
    visiting.add(job.key);
    const before = job.needs.flatMap((key) => byKey.get(key) ?? []).map((needed) => visit(needed) + 1);
    visiting.delete(job.key);
    const depth = Math.max(0, ...before);
    depths.set(job.key, depth);
    return depth;
  };
  for (const job of jobs) visit(job);
  return depths;
}

interface Unit {
  title: string;
  jobs: RunJob[];
}

function unitsOf(jobs: readonly RunJob[]): Unit[] {
  const units = new Map<string, Unit>();
  for (const job of jobs) {
    const title = groupOf(job.name);
    const unit = units.get(title);
    if (unit) unit.jobs.push(job);
    else units.set(title, { title, jobs: [job] });
  }
  return [...units.values()];
}

/** `test (20, linux)` belongs to `test`, `deploy / upload` to `deploy`. */
function groupOf(name: string): string {
  const called = name.indexOf(' / ');
  if (called > 0) return name.slice(0, called);
  return /^(.+?) \(.+\)$/.exec(name)?.[1] ?? name;
}

function nameInGroup(name: string, group: string): string {
  const rest = name
    .slice(group.length)
    .replace(/^ \/ /, '')
    .replace(/^ \((.+)\)$/, '$1');
  return rest === '' ? name : rest;
}
