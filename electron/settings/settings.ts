/** What a person has set for the whole engine: checked, kept on disk, shown on the board. */
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { type NotificationSettings, type Settings, settingsSchema } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import type { BoardPublisher } from '../board.ts';
import type { Records } from '../platform/records.ts';

/** Only what was set: what is added to the settings later begins with its default. */
export const settingsRecordSchema = settingsSchema.partial().extend({ id: z.string() });
type SettingsRecord = z.infer<typeof settingsRecordSchema>;

/** There is one record. */
const recordId = 'engine';

export interface EngineSettings {
  current(): Settings;
  /**
   * Changes what is named; resolves once that is on disk.
   * @throws TracksideError INVALID_REQUEST naming the field
   */
  change(change: Partial<Settings>): Promise<Settings>;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const mebibyte = 1024 ** 2;

interface Bounds {
  least: number;
  most: number;
  /** What it is, as the subject of a sentence. */
  subject: string;
  /** What may be chosen, as the object of "Choose …". */
  choice: string;
}

/** Settings that are a number; the others are checked by themselves. */
type NumberField = Exclude<keyof Settings, 'notifications'>;

const bounds: Record<NumberField, Bounds> = {
  removeGhostsAfterMs: {
    least: minute,
    most: 365 * day,
    subject: 'The age at which ghosts are removed by themselves',
    choice: 'from 1 minute to 365 days, or never',
  },
  historyMaxAgeMs: {
    least: day,
    most: 3650 * day,
    subject: 'The age up to which events are kept',
    choice: 'from 1 day to 10 years',
  },
  historyMaxBytes: {
    least: mebibyte,
    most: 64 * 1024 * mebibyte,
    subject: 'The size of the event history',
    choice: 'from 1 MiB to 64 GiB',
  },
  drainBoundMs: {
    least: 0,
    most: day,
    subject: 'The time for which an end waits for jobs',
    choice: 'from 0 to 24 hours',
  },
};

/** Shows what was set earlier, or the defaults, on the board. */
export function createEngineSettings(options: {
  records: Records<SettingsRecord>;
  board: BoardPublisher;
}): EngineSettings {
  const { records, board } = options;
  const { id: _, ...kept } = records.get(recordId) ?? { id: recordId };
  board.panel({ settings: { ...defaultSettings, ...kept } });
  const current = (): Settings => board.current().panel.settings;
  return {
    current,
    async change(change) {
      for (const field of Object.keys(bounds) as NumberField[]) checkField(field, change[field]);
      if (change.notifications) checkNotifications(change.notifications);
      const { id = recordId, ...before } = records.get(recordId) ?? {};
      await records.put({ ...before, ...change, id });
      board.panel({ settings: { ...current(), ...change } });
      return current();
    },
  };
}

function checkField(field: NumberField, value: number | null | undefined): void {
  if (value === undefined || (value === null && field === 'removeGhostsAfterMs')) return;
  const { least, most, subject, choice } = bounds[field];
  if (value !== null && value >= least && value <= most) return;
  throw new TracksideError('INVALID_REQUEST', `${subject} cannot be that.`, {
    field,
    remedy: `Choose ${choice}.`,
  });
}

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;

function checkNotifications({ afterMs, quietHours }: NotificationSettings): void {
  const refuse = (message: string, remedy: string): never => {
    throw new TracksideError('INVALID_REQUEST', message, { field: 'notifications', remedy });
  };
  if (!Number.isFinite(afterMs) || afterMs > day) {
    refuse('Nobody would be told of what goes on for less than that.', 'Choose from 0 to 24 hours.');
  }
  if (!quietHours) return;
  const wrong = [quietHours.from, quietHours.to].find((time) => !timeOfDay.test(time));
  if (wrong !== undefined) refuse(`“${wrong}” is not a time of day.`, 'Write it as 22:00 or 07:30.');
  if (quietHours.from === quietHours.to)
    refuse('The quiet hours begin when they end.', 'Choose a span, or none.');
  if (quietHours.days.length === 0)
    refuse('The quiet hours have no day.', 'Choose at least one day, or no quiet hours.');
}
