/**
 * GitHub's own actions as they are pinned in drafts: the commit that each tag named in its repository in August 2026.
 * A commit cannot be changed afterwards; a tag can.
 */
export const pinnedActions = {
  checkout: {
    name: 'actions/checkout',
    commit: '3d3c42e5aac5ba805825da76410c181273ba90b1',
    version: 'v7.0.1',
  },
  uploadArtifact: {
    name: 'actions/upload-artifact',
    commit: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f',
    version: 'v7.0.0',
  },
  setupNode: {
    name: 'actions/setup-node',
    commit: '820762786026740c76f36085b0efc47a31fe5020',
    version: 'v7.0.0',
  },
  setupPython: {
    name: 'actions/setup-python',
    commit: '5fda3b95a4ea91299a34e894583c3862153e4b97',
    version: 'v7.0.0',
  },
  setupGo: {
    name: 'actions/setup-go',
    commit: 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e',
    version: 'v7.0.0',
  },
} as const;

export type PinnedAction = (typeof pinnedActions)[keyof typeof pinnedActions];

/** What stands behind `uses:`. */
export function pinned({ name, commit, version }: PinnedAction): string {
  return `${name}@${commit} # ${version}`;
}
