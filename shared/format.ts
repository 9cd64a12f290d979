/** Times, sizes and counts as people read them. Pure; every function takes plain numbers. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const kilobyte = 1024;
const sizeUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A running clock: `0:07`, `12:41`, `1:02:03`, `2 d 3:04:05`. Negative spans count as none. */
export function formatClock(spanMs: number): string {
  const total = Math.max(0, Math.floor(spanMs / secondMs));
  const seconds = total % 60;
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600) % 24;
  const days = Math.floor(total / 86_400);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (days > 0) return `${days} d ${hours}:${two(minutes)}:${two(seconds)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${minutes}:${two(seconds)}`;
}

/** A span in words with at most two units: `0 s`, `41 s`, `6 min 12 s`, `25 min`, `3 h 5 min`, `2 d 4 h`. */
export function formatDuration(spanMs: number): string {
  const span = Math.max(0, spanMs);
  const seconds = Math.floor(span / secondMs);
  if (seconds < 60) return `${seconds} s`;
  if (span < 10 * minuteMs) return pair(seconds, 60, 'min', 's');
  if (span < hourMs) return `${Math.floor(span / minuteMs)} min`;
  if (span < dayMs) return pair(Math.floor(span / minuteMs), 60, 'h', 'min');
  return pair(Math.floor(span / hourMs), 24, 'd', 'h');
}

/** The same without seconds from one minute on, for what need not be watched: `41 s`, `6 min`, `3 h 5 min`. */
export function formatRoughly(spanMs: number): string {
  return formatDuration(spanMs < minuteMs ? spanMs : Math.floor(spanMs / minuteMs) * minuteMs);
}

function pair(small: number, perLarge: number, largeUnit: string, smallUnit: string): string {
  const rest = small % perLarge;
  const large = `${Math.floor(small / perLarge)} ${largeUnit}`;
  return rest === 0 ? large : `${large} ${rest} ${smallUnit}`;
}

/** How long ago: `just now` below five seconds, else `8 s ago`, `3 min ago`, `2 h ago`, `9 d ago`. */
export function formatAgo(spanMs: number): string {
  if (spanMs < 5 * secondMs) return 'just now';
  if (spanMs < minuteMs) return `${Math.floor(spanMs / secondMs)} s ago`;
  if (spanMs < hourMs) return `${Math.floor(spanMs / minuteMs)} min ago`;
  if (spanMs < dayMs) return `${Math.floor(spanMs / hourMs)} h ago`;
  return `${Math.floor(spanMs / dayMs)} d ago`;
}

/** A size in steps of 1024 with at most one decimal: `0 B`, `512 KB`, `3.1 GB`, `62 GB`. */
export function formatBytes(bytes: number): string {
  const unit = unitOf(bytes);
  return `${amountIn(bytes, unit)} ${sizeUnits[unit]}`;
}

/** A part of a whole in the whole's unit: `3.1 of 8 GB`. */
export function formatBytesOf(usedBytes: number, totalBytes: number): string {
  const unit = unitOf(totalBytes);
  return `${amountIn(usedBytes, unit)} of ${amountIn(totalBytes, unit)} ${sizeUnits[unit]}`;
}

function unitOf(bytes: number): number {
  let unit = 0;
  let amount = Math.max(0, bytes);
  while (amount >= kilobyte - 0.5 && unit < sizeUnits.length - 1) {
    amount /= kilobyte;
    unit += 1;
  }
  return unit;
}

function amountIn(bytes: number, unit: number): string {
  const amount = Math.max(0, bytes) / kilobyte ** unit;
  if (unit === 0 || amount >= 99.95) return Math.round(amount).toLocaleString('en');
  return String(Math.round(amount * 10) / 10);
}

/** A number of cores with at most one decimal: `0`, `0.4`, `12`. */
export function formatCores(cores: number): string {
  return String(Math.max(0, Math.round(cores * 10) / 10));
}

/** The same with its noun: `1 core`, `0.4 cores`, `12 cores`. */
export function formatCoreCount(cores: number): string {
  const words = formatCores(cores);
  return `${words} ${words === '1' ? 'core' : 'cores'}`;
}

/** A number and its noun: `1 runner`, `4 runners`, `10,000 jobs`; irregular plurals are given. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** Names in a sentence: `a`, `a and b`, `a, b and 3 more`; at most `most` of them are named. */
export function formatList(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest.toLocaleString('en')} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** The time of day on this machine's clock: `14:05:09`. */
export function formatTimeOfDay(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB');
}

/** The time of day without its seconds, for what is not watched: `14:05`. */
export function formatHourMinute(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  // Asking for a locale's form costs a hundred times as much, and a queue is full of times.
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Day and time of day on this machine's clock: `21 Nov 2026, 14:05`. */
export function formatDateTime(atMs: number): string {
  return new Date(atMs).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
