/** What the forge's status page says, read without the token: it is another site, and costs none of the budget. */
import { z } from 'zod';
import type { ForgeStatus } from '../forge.ts';
import type { ForgeAddress } from './addresses.ts';

export interface StatusSettings {
  fetch: typeof globalThis.fetch;
  /** Until it has answered as a whole. */
  timeoutMs: number;
}

/** Statuspage's summary, as far as it is used. Source: www.githubstatus.com/api, "Summary". */
const summarySchema = z.object({
  page: z.object({ url: z.string().nullish() }).nullish(),
  components: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
  incidents: z.array(
    z.object({
      name: z.string(),
      shortlink: z.string().nullish(),
      components: z.array(z.object({ id: z.string().nullish(), name: z.string() })).nullish(),
    }),
  ),
});
type Summary = z.infer<typeof summarySchema>;

/** Component of the page that jobs depend on. */
const componentName = 'Actions';

/** Where the status page of a GitHub is; null where there is none, as for an Enterprise Server. */
function statusPageOf({ product, webUrl }: ForgeAddress): string | null {
  if (product === 'dotcom') return 'https://www.githubstatus.com';
  const isLocal = new URL(webUrl).protocol === 'http:';
  // Only the demo GitHub is spoken to without encryption: on this machine.
  return product === 'server' && isLocal ? `${webUrl}/_demo/status` : null;
}

/** Null where there is no status page, and when it cannot be read: nothing is known then. */
export async function readStatus(
  address: ForgeAddress,
  { fetch, timeoutMs }: StatusSettings,
  signal?: AbortSignal,
): Promise<ForgeStatus | null> {
  const page = statusPageOf(address);
  if (page === null) return null;
  try {
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${page}/api/v2/summary.json`, {
      headers: { accept: 'application/json' },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return statusOf(summarySchema.parse(await response.json()), page);
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

function statusOf(summary: Summary, page: string): ForgeStatus | null {
  const component = summary.components.find(({ name }) => name === componentName);
  if (!component) return null;
  const actions = healthOf(component.status);
  const incident = summary.incidents.find(({ components }) =>
    components?.some(({ id, name }) => id === component.id || name === componentName),
  );
  // An incident that names no component at all may be the one.
  const unnamed = summary.incidents.find(({ components }) => (components ?? []).length === 0);
  const told = incident ?? (actions === 'ok' ? undefined : unnamed);
  return { actions, incident: told?.name ?? null, url: safeLink(told?.shortlink, page) ?? page };
}

/** Statuspage's words for the state of a component. */
function healthOf(status: string): ForgeStatus['actions'] {
  if (status === 'operational') return 'ok';
  return status === 'major_outage' ? 'down' : 'degraded';
}

/** A link that may be shown: https, or of the page itself. */
function safeLink(link: string | null | undefined, page: string): string | null {
  if (!link || !URL.canParse(link)) return null;
  const { protocol, origin } = new URL(link);
  return protocol === 'https:' || origin === new URL(page).origin ? link : null;
}
