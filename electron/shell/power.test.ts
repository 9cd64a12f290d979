import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { expect, test } from 'vitest';
import type { QuitManner, Runner } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { createBoard } from '../board.ts';
import { setupPower } from './power.ts';

function setup() {
  const powerMonitor = new EventEmitter();
  const blockers = new Set<number>();
  let started = 0;
  const asked: QuitManner[] = [];
  let looks = 0;
  const board = createBoard({
    now: 0,
    version: '0',
    demo: false,
    host: null,
    load: null,
    tokenStore: 'memory',
    dataFolder: '/',
    settings: defaultSettings,
    surroundings: null,
    quitting: null,
  });
  setupPower({
    powerMonitor: powerMonitor as unknown as PowerMonitor,
    powerSaveBlocker: {
      start(type) {
        expect(type).toBe('prevent-app-suspension');
        started += 1;
        blockers.add(started);
        return started;
      },
      stop: (id) => blockers.delete(id),
    },
    engine: {
      board,
      quitting: { quit: (how) => asked.push(how) },
      neighbour: {
        async sample() {
          looks += 1;
        },
      },
    },
  });
  const work = (id: string, busy: boolean): void => {
    const job = busy ? { name: 'Build', startedAt: 0, url: null } : null;
    board.set('runners', id, { id, job } as Runner);
  };
  return { powerMonitor, blockers, asked, work, looks: () => looks, started: () => started };
}

test('the application is kept awake from the first job to the last', () => {
  const { blockers, work, started } = setup();
  expect(blockers.size).toBe(0);
  work('a', true);
  work('b', true);
  work('a', false);
  expect(blockers.size).toBe(1);
  work('b', false);
  expect(blockers.size).toBe(0);
  work('a', true);
  expect(started()).toBe(2);
  expect(blockers.size).toBe(1);
});

test('a shutdown is delayed while a job runs, and the engine ends in any case', () => {
  const { powerMonitor, asked, work } = setup();
  let prevented = 0;
  const event = {
    preventDefault() {
      prevented += 1;
    },
  };
  powerMonitor.emit('shutdown', event);
  work('a', true);
  powerMonitor.emit('shutdown', event);
  expect(prevented).toBe(1);
  expect(asked).toEqual(['finish-jobs', 'finish-jobs']);
});

test('a plug that is pulled or a machine that wakes is looked at at once', () => {
  const { powerMonitor, looks } = setup();
  for (const name of ['on-battery', 'on-ac', 'resume']) powerMonitor.emit(name);
  expect(looks()).toBe(3);
});
