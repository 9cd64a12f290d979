/**
 * Labels of the runners that GitHub itself provides, as of 2026-11-24.
 *
 * Sources: the table "Available Images" of github.com/actions/runner-images (README at 7495144, 2026-08-21); retirements
 * as announced there: ubuntu-20.04 (issue 11101), macos-13 (13046), macos-14 (13518), ubuntu-22.04 (14254). Larger
 * runners have names that their organisation chose; no list can have them.
 */

/** When a label ends, as announced; null = no end is set. */
const offered: Readonly<Record<string, string | null>> = {
  'ubuntu-latest': null,
  'ubuntu-slim': null,
  'ubuntu-26.04': null,
  'ubuntu-26.04-arm': null,
  'ubuntu-24.04': null,
  'ubuntu-24.04-arm': null,
  'ubuntu-22.04': '2027-04-17',
  'ubuntu-22.04-arm': '2027-04-17',
  'windows-latest': null,
  'windows-2025': null,
  'windows-2025-vs2026': null,
  'windows-2022': null,
  'windows-11-arm': null,
  'windows-11-vs2026-arm': null,
  'macos-latest': null,
  'macos-latest-large': null,
  'macos-latest-xlarge': null,
  'macos-26': null,
  'macos-26-intel': null,
  'macos-26-large': null,
  'macos-26-xlarge': null,
  'macos-15': null,
  'macos-15-intel': null,
  'macos-15-large': null,
  'macos-15-xlarge': null,
  'macos-14': '2026-11-02',
  'macos-14-large': '2026-11-02',
  'macos-14-xlarge': '2026-11-02',
  'xcode-27': null,
  'xcode-27-xlarge': null,
};

/** What was offered once and is not any more. */
const retired: readonly string[] = [
  'ubuntu-20.04',
  'ubuntu-18.04',
  'ubuntu-16.04',
  'windows-2019',
  'windows-2016',
  'macos-13',
  'macos-13-large',
  'macos-13-xlarge',
  'macos-12',
  'macos-12-large',
  'macos-12-xlarge',
  'macos-11',
  'macos-10.15',
];

/** `windows-2025`, `macos-latest-large`, `ubuntu-25.04-arm`: an operating system, a version, perhaps a kind. */
const shape = /^(ubuntu|windows|macos)-(latest|\d+(?:\.\d+)?)(-arm|-arm64|-intel|-slim|-large|-xlarge)?$/;

/** What GitHub makes of a label among its own runners; `null`: it is none of theirs, as far as can be told. */
export type HostedStanding = 'offered' | 'retired' | 'never';

/**
 * Whether GitHub has runners of its own with this label.
 * @param now epoch milliseconds: a label whose announced end has come is retired
 */
export function hostedStanding(label: string, now: number): HostedStanding | null {
  const name = label.toLowerCase();
  const ends = offered[name];
  if (ends !== undefined) return ends !== null && now >= Date.parse(ends) ? 'retired' : 'offered';
  if (retired.includes(name)) return 'retired';
  return shape.test(name) ? 'never' : null;
}

/** The labels that are offered at this time. */
export function offeredLabels(now: number): string[] {
  return Object.keys(offered).filter((label) => hostedStanding(label, now) === 'offered');
}

function partsOf(label: string): { system: string; version: number | null; kind: string } | null {
  const [, system = '', version = '', kind = ''] = shape.exec(label.toLowerCase()) ?? [];
  if (system === '') return null;
  return {
    system,
    version: version === 'latest' ? null : Number(version),
    kind: kind === '-arm64' ? '-arm' : kind,
  };
}

/**
 * The offered label closest to one that looks like a hosted runner's name and is none: the same system and kind, then
 * the nearest version, the older of two equally near ones. Null where none has the same system.
 */
export function nearestHosted(label: string, now: number): string | null {
  const wanted = partsOf(label);
  if (!wanted) return null;
  let best: { label: string; distance: number } | null = null;
  for (const candidate of offeredLabels(now)) {
    const parts = partsOf(candidate);
    if (!parts || parts.system !== wanted.system) continue;
    const versions =
      wanted.version === null || parts.version === null
        ? Number(wanted.version !== parts.version) * 1000
        : Math.abs(parts.version - wanted.version) + (parts.version > wanted.version ? 0.001 : 0);
    const distance = versions + (parts.kind === wanted.kind ? 0 : 10_000);
    if (!best || distance < best.distance) best = { label: candidate, distance };
  }
  return best?.label ?? null;
}
