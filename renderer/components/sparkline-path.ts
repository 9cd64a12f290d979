/** The geometry of a sparkline. */

/** Values shown at most; more are averaged into these. */
const mostPoints = 60;

/** SVG paths of the line through `values` and of the area under it; empty strings when there is nothing to draw. */
export function sparklinePath(
  values: readonly number[],
  top: number,
  width: number,
  height: number,
): { line: string; area: string } {
  const points = condense(values, mostPoints);
  if (points.length < 2) return { line: '', area: '' };
  const ceiling = Math.max(top, ...points, Number.MIN_VALUE);
  const x = (index: number): number => round((index * width) / (points.length - 1));
  const y = (value: number): number => round(height - 1 - (Math.max(0, value) / ceiling) * (height - 2.5));
  const line = points.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
  return { line, area: `${line}V${height}H0Z` };
}

/** At most `most` averages of neighbouring values, in order. */
function condense(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const size = values.length / most;
  return Array.from({ length: most }, (_, index) => {
    const part = values.slice(Math.floor(index * size), Math.floor((index + 1) * size));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
