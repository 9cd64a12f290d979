/**
 * The shape of `history.db`, as steps that are only ever added to: a database remembers (`PRAGMA user_version`) how many
 * of them it has been through.
 */
export const migrations: readonly string[] = [
  // Databases of the first version have these already.
  `CREATE TABLE IF NOT EXISTS shifts (id TEXT PRIMARY KEY, runnerId TEXT, startedAt INTEGER, endedAt INTEGER, row TEXT);
   CREATE INDEX IF NOT EXISTS shiftsByStart ON shifts (startedAt);
   CREATE INDEX IF NOT EXISTS shiftsByRunner ON shifts (runnerId, endedAt);`,
  `CREATE TABLE events (
     id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, fromState TEXT,
     toState TEXT, cause TEXT NOT NULL, runnerId TEXT, poolId TEXT, repositoryId TEXT
   );
   CREATE INDEX eventsByKind ON events (kind);
   CREATE INDEX eventsByRunner ON events (runnerId);
   CREATE INDEX eventsByPool ON events (poolId);
   CREATE INDEX eventsByRepository ON events (repositoryId);`,
  `CREATE TABLE registrations (
     repositoryUrl TEXT NOT NULL, forgeRunnerId INTEGER NOT NULL, name TEXT NOT NULL, fullName TEXT NOT NULL,
     repositoryId TEXT NOT NULL, poolId TEXT NOT NULL, runnerId TEXT NOT NULL, registeredAt INTEGER NOT NULL,
     ghostSince INTEGER, removedAt INTEGER,
     PRIMARY KEY (repositoryUrl, forgeRunnerId)
   ) WITHOUT ROWID;
   CREATE INDEX registrationsByRunner ON registrations (runnerId);`,
  `CREATE TABLE availability (
     runnerId TEXT NOT NULL, day TEXT NOT NULL, upMs INTEGER NOT NULL, downMs INTEGER NOT NULL,
     PRIMARY KEY (runnerId, day)
   ) WITHOUT ROWID;
   CREATE TABLE availabilityPhases (runnerId TEXT PRIMARY KEY, phase TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE jobDurations (
     id INTEGER PRIMARY KEY, repositoryId TEXT NOT NULL, workflow TEXT NOT NULL, name TEXT NOT NULL,
     endedAt INTEGER NOT NULL, durationMs INTEGER NOT NULL
   );
   CREATE INDEX jobDurationsByJob ON jobDurations (repositoryId, workflow, name);`,
  `CREATE TABLE incidents (
     id TEXT PRIMARY KEY, resolvedAt INTEGER, row TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX incidentsByEnd ON incidents (resolvedAt);`,
];
