/** Incidents on disk, in the history's database. */
import { z } from 'zod';
import { type Incident, incidentSchema } from '../../shared/model.ts';
import type { HistoryDatabase } from '../history/database.ts';

/** An incident with what only the engine has to know of it. */
const recordSchema = z.object({
  incident: incidentSchema,
  /** What it comes of. */
  cause: z.string(),
  /** The title when most jobs were concerned: that of an incident that has ended. */
  titleAtMost: z.string(),
  /** When a person was told of its end; null when that was not (yet) done. */
  endNotifiedAt: z.number().nullable(),
});
export type IncidentRecord = z.infer<typeof recordSchema>;

export interface IncidentStore {
  /** Those that go on, and the latest that ended, at most `ended` of them. */
  load(ended: number): IncidentRecord[];
  /** Is on disk when this returns. @throws DiskFullError, or SQLite's error */
  put(record: IncidentRecord): void;
}

/** Ended ones that are kept. */
const kept = 1000;
const insert = 'INSERT OR REPLACE INTO incidents (id, resolvedAt, row) VALUES (?, ?, ?)';
const selectOpen = 'SELECT row FROM incidents WHERE resolvedAt IS NULL';
const selectEnded = 'SELECT row FROM incidents WHERE resolvedAt IS NOT NULL ORDER BY resolvedAt DESC LIMIT ?';
const deleteOld = `DELETE FROM incidents WHERE resolvedAt < coalesce(
  (SELECT resolvedAt FROM incidents WHERE resolvedAt IS NOT NULL ORDER BY resolvedAt DESC LIMIT 1 OFFSET ${kept}), 0)`;

export function createIncidentStore(database: HistoryDatabase): IncidentStore {
  return {
    load(ended) {
      database.run(deleteOld);
      return [...database.all(selectOpen), ...database.all(selectEnded, ended)].flatMap(({ row }) => {
        const parsed = recordSchema.safeParse(JSON.parse(String(row)));
        return parsed.success ? [parsed.data] : [];
      });
    },
    put(record) {
      const incident: Incident = record.incident;
      database.run(insert, incident.id, incident.resolvedAt, JSON.stringify(record));
    },
  };
}
