/** The status page, in the format of Statuspage, in which githubstatus.com tells its own. */
import type { Fault, OutageLevel } from '../../faults.ts';
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import type { Reply } from '../http.ts';

const pageId = 'kctbh9vrtdwd';
const timeZone = 'Etc/UTC';
const since = '2026-01-05T08:00:00.000Z';
const names = [
  'Git Operations',
  'Webhooks',
  'API Requests',
  'Issues',
  'Pull Requests',
  'Actions',
  'Packages',
  'Pages',
];

type ComponentStatus = 'operational' | OutageLevel;

const indicators: Record<ComponentStatus, [indicator: string, description: string]> = {
  operational: ['none', 'All Systems Operational'],
  degraded_performance: ['minor', 'Minor Service Outage'],
  partial_outage: ['major', 'Partial System Outage'],
  major_outage: ['critical', 'Major Service Outage'],
};

function idOf(text: string): string {
  return Buffer.from(text).toString('hex').slice(0, 12).padEnd(12, '0');
}

function componentBody(name: string, position: number, status: ComponentStatus, updatedAt: string) {
  return {
    id: idOf(name),
    name,
    status,
    created_at: since,
    updated_at: updatedAt,
    position,
    description: `Status of ${name}`,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: pageId,
    group: false,
    only_show_if_degraded: false,
  };
}

function incidentBody(fault: Fault, status: ComponentStatus, root: string) {
  const at = new Date(fault.sinceMs).toISOString();
  const id = idOf(fault.id);
  const times = { created_at: at, updated_at: at };
  const actions = componentBody('Actions', names.indexOf('Actions') + 1, status, at);
  const affected = { code: actions.id, name: 'Actions', old_status: 'operational', new_status: status };
  return {
    id,
    name: fault.incident ?? 'Incident with Actions',
    status: 'investigating',
    ...times,
    monitoring_at: null,
    resolved_at: null,
    impact: indicators[status][0],
    shortlink: `${root}/incidents/${id}`,
    started_at: at,
    page_id: pageId,
    incident_updates: [
      {
        id: idOf(`${fault.id} update`),
        status: 'investigating',
        body: 'We are investigating reports of trouble with Actions.',
        incident_id: id,
        ...times,
        display_at: at,
        affected_components: [affected],
        deliver_notifications: true,
        custom_tweet: null,
        tweet_id: null,
      },
    ],
    components: [actions],
    reminder_intervals: null,
  };
}

function summary({ faults, clock }: DemoContext, request: Request): Reply {
  const outage = faults.list().find(({ kind }) => kind === 'actions-outage');
  const status: ComponentStatus = outage ? (outage.level ?? 'major_outage') : 'operational';
  const root = `${request.addresses.html}/_demo/status`;
  const changedAt = outage ? new Date(outage.sinceMs).toISOString() : since;
  const [indicator, description] = indicators[status];
  const body = {
    page: {
      id: pageId,
      name: 'GitHub',
      url: root,
      time_zone: timeZone,
      updated_at: new Date(clock.now()).toISOString(),
    },
    components: names.map((name, index) =>
      name === 'Actions'
        ? componentBody(name, index + 1, status, changedAt)
        : componentBody(name, index + 1, 'operational', since),
    ),
    incidents: outage ? [incidentBody(outage, status, root)] : [],
    scheduled_maintenances: [],
    status: { indicator, description },
  };
  return { status: 200, body };
}

/** Adds `GET /_demo/status/api/v2/summary.json`. */
export function addStatusPage(router: DemoRouter, context: DemoContext): void {
  router.add('GET', '/_demo/status/api/v2/summary.json', {
    access: { kind: 'open' },
    handle: (request) => summary(context, request),
  });
}
