/** Reads "how many runners", as people type it. The engine checks the number again. */
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import { type Checked, right, wrong } from './checked.ts';

const range = `a whole number from 1 to ${maxRunnersPerDeploy}`;
/** 10,000 · 10 000 · 10'000: a person's thousands. A point is a decimal point. */
const grouped = /^[+-]?\d{1,3}([,\u0020\u00a0\u2009\u202f'’]\d{3})+$/;
const decimal = /^[+-]?\d+[.,]\d+$/;
const whole = /^[+-]?\d+$/;

/**
 * @param text what stands in the field
 * @returns the number of runners, or what is wrong with it in one sentence
 */
export function readCount(text: string): Checked<number> {
  const typed = text.trim().replace(/^[−–]/, '-');
  if (typed === '') return wrong(`Say how many runners: ${range}.`);
  if (decimal.test(typed) && !grouped.test(typed)) return fraction(Number(typed.replace(',', '.')), typed);
  if (!whole.test(typed) && !grouped.test(typed)) return wrong(`“${typed}” is not a number. Enter ${range}.`);
  return readWhole(Number(typed.replace(/[^\d+-]/g, '')));
}

function readWhole(count: number): Checked<number> {
  if (count < 0) return wrong('There cannot be fewer than no runners. Enter at least 1.');
  if (count === 0) return wrong('0 runners would deploy nothing. Enter at least 1.');
  if (count > maxRunnersPerDeploy) {
    const asked = count.toLocaleString('en');
    return wrong(`${asked} runners are more than one deploy can take. Enter at most ${maxRunnersPerDeploy}.`);
  }
  return right(count);
}

function fraction(count: number, typed: string): Checked<number> {
  const lower = Math.floor(count);
  if (Number.isInteger(count)) return readWhole(count);
  if (lower < 1) return wrong(`${typed} is not a whole number. Enter at least 1.`);
  if (lower >= maxRunnersPerDeploy) {
    return wrong(`${typed} is not a whole number. Enter at most ${maxRunnersPerDeploy}.`);
  }
  return wrong(`${typed} is not a whole number. Enter ${lower} or ${lower + 1}.`);
}
