/** Which labels of a job nobody has, and what was probably meant by them. Pure. */
import type { LabelMistake } from '../../../shared/model.ts';
import { nearest } from '../../../shared/nearest.ts';
import { hostedStanding, nearestHosted, offeredLabels } from './hosted-labels.ts';

/** Something that has labels: a runner, or a pool that starts runners with them. */
export interface LabelHolder {
  name: string;
  labels: readonly string[];
}

export interface KnownLabels {
  /** Everything that could take a job of the repository, however busy it is. */
  runners: readonly LabelHolder[];
  /** Whether the forge takes `GPU` and `gpu` for one label, as GitHub does. */
  labelsIgnoreCase: boolean;
  /** Whether the forge has runners of its own; an enterprise server has none. */
  offersHosted: boolean;
  /** Epoch milliseconds: hosted labels come and go. */
  now: number;
}

/** What was probably meant by one label. */
export interface Correction {
  label: string;
  mistake: LabelMistake;
  /** The labels to write instead. */
  meant: string[];
}

export interface LabelExplanation {
  /** Labels that nobody has. */
  missing: string[];
  /** An existing label that was probably meant by the first of them for which one can be told. */
  nearest: string | null;
  mistake: LabelMistake | null;
  /** Everything that can be told of the missing labels. */
  corrections: Correction[];
}

/** A label as the forge compares it. */
export function foldLabel(label: string, labelsIgnoreCase: boolean): string {
  return labelsIgnoreCase ? label.toLowerCase() : label;
}

/** Gives the same word for the same labels, in whatever order and, where that does not count, case. */
export type LabelKeys = (labels: readonly string[]) => string;

/** Remembers what it gave: of thousands of jobs hundreds ask for the same. */
export function createLabelKeys(labelsIgnoreCase: boolean): LabelKeys {
  const known = new Map<string, string>();
  return (labels) => {
    const written = labels.join('\n');
    const found = known.get(written);
    if (found !== undefined) return found;
    const key = labels
      .map((label) => foldLabel(label, labelsIgnoreCase))
      .toSorted()
      .join('\n');
    known.set(written, key);
    return key;
  };
}

/** The labels of `wanted` that are not among `present`. */
export function lackedLabels(
  wanted: readonly string[],
  present: readonly string[],
  labelsIgnoreCase: boolean,
): string[] {
  const have = new Set(present.map((label) => foldLabel(label, labelsIgnoreCase)));
  return wanted.filter((label) => !have.has(foldLabel(label, labelsIgnoreCase)));
}

/** Whether the job asks for nothing but a runner of the forge's own, which takes jobs with exactly one label. */
export function asksForHosted(labels: readonly string[], { offersHosted, now }: KnownLabels): boolean {
  const [label, ...more] = labels;
  return offersHosted && label !== undefined && more.length === 0 && hostedStanding(label, now) === 'offered';
}

/**
 * Tells which labels no runner has, and what was meant by them.
 * @param labels those that a job asks for
 */
export function explainLabels(labels: readonly string[], known: KnownLabels): LabelExplanation {
  const present = known.runners.flatMap((runner) => runner.labels);
  const missing = lackedLabels(labels, present, known.labelsIgnoreCase);
  const isSelfHosted = labels.some((label) => label.toLowerCase() === 'self-hosted');
  const wanted: KnownLabels = isSelfHosted ? { ...known, offersHosted: false } : known;
  // What the job asks for already cannot be what it means by another of its labels.
  const others = [...new Set(lackedLabels(present, labels, true))];
  const corrections = missing.flatMap((label) => correct(label, others, wanted) ?? []);
  const [first] = corrections;
  const single = corrections.find(({ meant, mistake }) => meant.length === 1 && mistake !== 'runner-name');
  return {
    missing,
    nearest: single?.meant[0] ?? null,
    mistake: single?.mistake ?? first?.mistake ?? null,
    corrections,
  };
}

function correct(label: string, others: readonly string[], known: KnownLabels): Correction | null {
  return (
    joined(label, known) ??
    runnerName(label, known) ??
    otherCase(label, others, known) ??
    hostedName(label, others, known) ??
    misspelt(label, others, known)
  );
}

/** "self-hosted, gpu", "[self-hosted, gpu]": a list that was written as one string. */
function joined(label: string, known: KnownLabels): Correction | null {
  const inner = label.trim().replace(/^\[(.*)\]$/, '$1');
  const parts = inner
    .split(/[,;|\s]+/)
    .map((part) => part.replace(/^['"]|['"]$/g, ''))
    .filter((part) => part !== '');
  if (parts.length === 0 || (parts.length === 1 && parts[0] === label)) return null;
  // No label can have a comma; one with a space may be meant as it is.
  const isList = inner.includes(',') || inner !== label.trim();
  const present = known.runners.flatMap((runner) => runner.labels);
  const areKnown = lackedLabels(parts, present, true).length === 0;
  return isList || (parts.length > 1 && areKnown) ? { label, mistake: 'joined', meant: parts } : null;
}

function runnerName(label: string, { runners }: KnownLabels): Correction | null {
  const named = runners.find(({ name }) => name.toLowerCase() === label.toLowerCase());
  return named ? { label, mistake: 'runner-name', meant: [...named.labels] } : null;
}

function otherCase(label: string, others: readonly string[], known: KnownLabels): Correction | null {
  if (known.labelsIgnoreCase) return null;
  const all = [...others, ...known.runners.flatMap((runner) => runner.labels)];
  const meant = all.find((other) => other !== label && other.toLowerCase() === label.toLowerCase());
  return meant === undefined ? null : { label, mistake: 'case', meant: [meant] };
}

/** A version of an operating system that the forge never had, or has no more. */
function hostedName(label: string, others: readonly string[], known: KnownLabels): Correction | null {
  const standing = hostedStanding(label, known.now);
  if (standing === null || standing === 'offered' || !known.offersHosted) return null;
  const meant = sameLetters(label, others) ?? nearestHosted(label, known.now);
  return meant === null ? null : { label, mistake: 'hosted-name', meant: [meant] };
}

const lettersOf = (label: string): string => label.toLowerCase().replace(/[-_.\s]/g, '');

function sameLetters(label: string, candidates: readonly string[]): string | null {
  return candidates.find((other) => lettersOf(other) === lettersOf(label)) ?? null;
}

function misspelt(label: string, others: readonly string[], known: KnownLabels): Correction | null {
  if (known.offersHosted && hostedStanding(label, known.now) === 'offered') return null;
  const hosted = known.offersHosted ? offeredLabels(known.now) : [];
  const separated = sameLetters(label, others) ?? sameLetters(label, hosted);
  if (separated !== null) return { label, mistake: 'separator', meant: [separated] };
  const meant = nearest(label, others) ?? nearest(label, hosted);
  return meant === null ? null : { label, mistake: 'typo', meant: [meant] };
}
