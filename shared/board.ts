/**
 * The board: everything a panel shows, as tables of rows by id. The engine publishes a snapshot and then changes with
 * sequence numbers; a client applies them with the same function the engine uses.
 */
import { z } from 'zod';
import {
  connectionSchema,
  eventSchema,
  foreignRunnerSchema,
  ghostSchema,
  healthSchema,
  hostSchema,
  incidentSchema,
  jobSchema,
  leftoverSchema,
  loadSchema,
  noticeSchema,
  poolSchema,
  poolStateSchema,
  quitMannerSchema,
  repositorySchema,
  runnerSchema,
  settingsSchema,
  shiftSchema,
  surroundingsSchema,
  usageSchema,
  waitSchema,
} from './model.ts';

/** Facts of which there is one each. */
export const panelStateSchema = z.object({
  /** Epoch milliseconds at the engine, so that a client can correct for its own clock. */
  now: z.number(),
  version: z.string(),
  demo: z.boolean(),
  host: hostSchema.nullable(),
  load: loadSchema.nullable(),
  /** Where tokens are kept on this host, told before one is pasted. */
  tokenStore: connectionSchema.shape.tokenStore,
  /** Folder with all that Trackside keeps. */
  dataFolder: z.string(),
  settings: settingsSchema,
  surroundings: surroundingsSchema.nullable(),
  /** The engine is about to end and waits for this many jobs; null in ordinary times. */
  quitting: z.object({ how: quitMannerSchema, since: z.number(), jobs: z.number() }).nullable(),
});

/** Row type of every table; the key is the row's `id` except for usage, whose key is `runnerId`. */
export const tableSchemas = {
  connections: connectionSchema,
  repositories: repositorySchema,
  pools: poolSchema,
  runners: runnerSchema,
  usage: usageSchema,
  foreignRunners: foreignRunnerSchema,
  shifts: shiftSchema,
  jobs: jobSchema,
  waits: waitSchema,
  incidents: incidentSchema,
  leftovers: leftoverSchema,
  poolStates: poolStateSchema,
  health: healthSchema,
  ghosts: ghostSchema,
  notices: noticeSchema,
  events: eventSchema,
} as const;

export const boardSchema = z.object({
  panel: panelStateSchema,
  connections: z.record(z.string(), connectionSchema),
  repositories: z.record(z.string(), repositorySchema),
  pools: z.record(z.string(), poolSchema),
  runners: z.record(z.string(), runnerSchema),
  usage: z.record(z.string(), usageSchema),
  foreignRunners: z.record(z.string(), foreignRunnerSchema),
  shifts: z.record(z.string(), shiftSchema),
  jobs: z.record(z.string(), jobSchema),
  waits: z.record(z.string(), waitSchema),
  /** Those that go on, and the latest fifty that ended. */
  incidents: z.record(z.string(), incidentSchema),
  leftovers: z.record(z.string(), leftoverSchema),
  poolStates: z.record(z.string(), poolStateSchema),
  health: z.record(z.string(), healthSchema),
  ghosts: z.record(z.string(), ghostSchema),
  notices: z.record(z.string(), noticeSchema),
  /** The latest hundred; older ones are asked for. */
  events: z.record(z.string(), eventSchema),
});
export type Board = z.infer<typeof boardSchema>;
export type PanelState = Board['panel'];
export type TableName = keyof typeof tableSchemas;
export type Row<T extends TableName> = Board[T][string];

function setChange<T extends TableName>(table: T) {
  return z.object({
    kind: z.literal('set'),
    table: z.literal(table),
    id: z.string(),
    row: tableSchemas[table] as (typeof tableSchemas)[T],
  });
}

export const changeSchema = z.union([
  setChange('connections'),
  setChange('repositories'),
  setChange('pools'),
  setChange('runners'),
  setChange('usage'),
  setChange('foreignRunners'),
  setChange('shifts'),
  setChange('jobs'),
  setChange('waits'),
  setChange('incidents'),
  setChange('leftovers'),
  setChange('poolStates'),
  setChange('health'),
  setChange('ghosts'),
  setChange('notices'),
  setChange('events'),
  z.object({
    kind: z.literal('delete'),
    table: z.enum(Object.keys(tableSchemas) as TableName[]),
    id: z.string(),
  }),
  z.object({ kind: z.literal('panel'), state: panelStateSchema.partial() }),
]);
export type Change = z.infer<typeof changeSchema>;

/**
 * What the event stream carries. The first message is a snapshot; each later `changes` message has the sequence number
 * one above the one before it. A client that sees a gap asks for a new stream, which begins with a snapshot.
 */
export const boardEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), sequence: z.number(), board: boardSchema }),
  z.object({ kind: z.literal('changes'), sequence: z.number(), changes: z.array(changeSchema) }),
]);
export type BoardEvent = z.infer<typeof boardEventSchema>;
