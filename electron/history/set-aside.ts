/** What a person is told of a file of Trackside's state that could not be read and was set aside. */
import type { Notice } from '../../shared/model.ts';

/** What a file of each kind says, so that it can be told what is lost with it. */
const kinds = {
  connections: {
    what: 'The record of a connection',
    lost: 'Trackside does not know this connection any more.',
    remedy: 'Connect again with a token; repositories of the same name are taken up again.',
  },
  repositories: {
    what: 'The record of a repository',
    lost: 'Trackside does not watch this repository any more.',
    remedy: 'Connect the repository again; its runners here are taken up again.',
  },
  pools: {
    what: 'The record of a pool',
    lost: 'Its runners stay, but nothing is started for it any more.',
    remedy: 'Deploy the pool again, then remove the runners of the old one.',
  },
  runners: {
    what: 'The record of a runner',
    lost: 'The runner may still be at work, but Trackside does not look after it any more.',
    remedy:
      'Clean it up under “left over”: its processes, its registration and its folder. Then deploy another.',
  },
  leftovers: {
    what: 'The record of something left over',
    lost: 'What it named is looked for again at every start; a registration shows up as a ghost once it is offline.',
    remedy: null,
  },
  settings: {
    what: 'The record of the settings',
    lost: 'The settings are those of a new installation.',
    remedy: 'Look at the settings and set again what you had changed.',
  },
  notices: {
    what: 'The record of a notice',
    lost: 'What it told is not shown any more.',
    remedy: null,
  },
  history: {
    what: 'The history',
    lost: 'Earlier events and jobs are not shown any more; pools and runners are not concerned.',
    remedy: 'Keep the file if you want to have it repaired; else delete it.',
  },
  demo: {
    what: 'The state of the demo GitHub',
    lost: 'The demo begins anew: its runs are gone, and its runners have to be deployed again.',
    remedy: null,
  },
  lock: {
    what: 'The lock of the data folder',
    lost: 'Nothing is lost: it holds no data.',
    remedy: null,
  },
} as const satisfies Record<string, { what: string; lost: string; remedy: string | null }>;

export type StateKind = keyof typeof kinds;

/** @param path where the file lies now */
export function setAsideNotice(
  kind: StateKind,
  path: string,
): Pick<Notice, 'kind' | 'message' | 'remedy'> & { id: string } {
  const { what, lost, remedy } = kinds[kind];
  return {
    id: `set-aside:${path}`,
    kind: 'set-aside',
    message: `${what} could not be read. It was set aside as ${path}. ${lost}`,
    remedy,
  };
}
