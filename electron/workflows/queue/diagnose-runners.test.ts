/** Jobs that something could take: what each runner and pool does, and what helps. */
import { expect, test } from 'vitest';
import type { Repair, WaitKind } from '../../../shared/model.ts';
import { diagnose } from './diagnose.ts';
import { at, foreign, job, linux, manual, own, pool, world } from './testing.ts';
import type { WaitingJob, World } from './world.ts';

interface Case {
  name: string;
  job: WaitingJob;
  world: Partial<World>;
  kind: WaitKind;
  repairs: Repair['kind'][];
  sentence: string;
}

const gpu = [...linux, 'gpu'];
const waiting = job(['self-hosted', 'gpu']);
const busyJob = { name: 'test', since: at(14, 5) };
const full = { kind: 'pool-maximum', sentence: 'The pool has its maximum of 2 runners.' } as const;
const hold = (
  kind:
    | 'paused'
    | 'battery'
    | 'hours'
    | 'metered'
    | 'user-load'
    | 'cores'
    | 'memory'
    | 'disk'
    | 'failing'
    | 'forge'
    | 'quitting',
  sentence: string,
) => ({ pools: [pool('arm', ['gpu'], { count: 0, hold: { kind, sentence } })] });

const cases: Case[] = [
  {
    name: 'one busy runner of somebody else',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { busyOnForge: true, job: busyJob })] },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence:
      'box-1 (“test”, since 14:05) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'a busy runner whose job is not in sight',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { busyOnForge: true, since: at(14, 1) })] },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence: 'box-1 (since 14:01) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'a runner that the forge calls idle while its job is in sight',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { job: busyJob })] },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence:
      'box-1 (“test”, since 14:05) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'both runners of a manual pool are busy',
    job: { ...waiting, alike: 3 },
    world: {
      runners: [
        own('arm-1', gpu, 'busy', { job: busyJob }),
        own('arm-2', gpu, 'busy', { job: { name: 'lint', since: at(14, 7) } }),
      ],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'all-busy',
    repairs: ['add-runners'],
    sentence:
      'Both runners with labels `self-hosted` and `gpu` that are online are busy: arm-1 (“test”, since 14:05) and arm-2 (“lint”, since 14:07).',
  },
  {
    name: 'our busy runner that the forge calls idle',
    job: waiting,
    world: {
      runners: [{ ...own('arm-1', gpu, 'busy', { job: busyJob }), busyOnForge: false }],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'all-busy',
    repairs: ['add-runners'],
    sentence:
      'arm-1 (“test”, since 14:05) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'six busy runners',
    job: waiting,
    world: { runners: [1, 2, 3, 4, 5, 6].map((number) => foreign(`box-${number}`, gpu, { job: busyJob })) },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence:
      'All 6 runners with labels `self-hosted` and `gpu` that are online are busy: box-1 (“test”, since 14:05), box-2 (“test”, since 14:05), box-3 (“test”, since 14:05), box-4 (“test”, since 14:05) and 2 more.',
  },
  {
    name: 'a busy one and one offline',
    job: waiting,
    world: {
      runners: [foreign('box-1', gpu, { job: busyJob }), foreign('box-2', gpu, { forge: 'offline' })],
    },
    kind: 'all-busy',
    repairs: ['deploy'],
    sentence:
      'box-1 (“test”, since 14:05) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'a full pool that decides anew in a moment',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'busy', { job: busyJob })],
      pools: [pool('arm', ['gpu'], { count: 2 })],
    },
    kind: 'all-busy',
    repairs: ['raise-maximum'],
    sentence:
      'arm-1 (“test”, since 14:05) is busy; no other runner with labels `self-hosted` and `gpu` is online.',
  },
  {
    name: 'our own ceiling',
    job: { ...waiting, alike: 2 },
    world: {
      runners: [own('arm-1', gpu, 'busy', { job: busyJob }), own('arm-2', gpu, 'busy', { job: busyJob })],
      pools: [pool('arm', ['gpu'], { hold: full, demand: 2 })],
    },
    kind: 'held',
    repairs: ['raise-maximum'],
    sentence:
      'Pool arm would take it. The pool has its maximum of 2 runners. Busy: arm-1 (“test”, since 14:05) and arm-2 (“test”, since 14:05).',
  },
  {
    name: 'our own ceiling as high as can be',
    job: waiting,
    world: {
      pools: [
        pool('arm', ['gpu'], { hold: full, scaling: { policy: 'balanced', minRunners: 0, maxRunners: 200 } }),
      ],
    },
    kind: 'held',
    repairs: [],
    sentence: 'Pool arm would take it. The pool has its maximum of 2 runners.',
  },
  {
    name: 'a pause by a person',
    job: waiting,
    world: hold('paused', 'Paused by you.'),
    kind: 'held',
    repairs: ['resume-pool'],
    sentence: 'Pool arm would take it. Paused by you.',
  },
  {
    name: 'on battery',
    job: waiting,
    world: hold('battery', 'On battery (40 %): no new jobs until it is plugged in.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. On battery (40 %): no new jobs until it is plugged in.',
  },
  {
    name: 'on a metered network',
    job: waiting,
    world: hold('metered', 'On a metered network: no new jobs until it is on another one.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. On a metered network: no new jobs until it is on another one.',
  },
  {
    name: 'outside its hours',
    job: waiting,
    world: hold('hours', 'Outside its hours: goes on at 18:00.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. Outside its hours: goes on at 18:00.',
  },
  {
    name: 'somebody uses the machine',
    job: waiting,
    world: hold(
      'user-load',
      'Your programs use 80 % of the cores: no new jobs until that is below 60 % for 2 minutes.',
    ),
    kind: 'held',
    repairs: ['open-screen'],
    sentence:
      'Pool arm would take it. Your programs use 80 % of the cores: no new jobs until that is below 60 % for 2 minutes.',
  },
  {
    name: 'no cores left',
    job: waiting,
    world: hold('cores', 'All cores are given away.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. All cores are given away.',
  },
  {
    name: 'no memory left',
    job: waiting,
    world: hold('memory', 'Not enough memory is free.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. Not enough memory is free.',
  },
  {
    name: 'no disk left',
    job: waiting,
    world: hold('disk', 'The disk is full'),
    kind: 'held',
    repairs: [],
    sentence: 'Pool arm would take it. The disk is full.',
  },
  {
    name: 'deploys fail',
    job: waiting,
    world: hold('failing', 'The last runner could not be started. No space left.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. The last runner could not be started. No space left.',
  },
  {
    name: 'the forge refuses',
    job: waiting,
    world: hold('forge', 'The token was refused.'),
    kind: 'held',
    repairs: ['open-screen'],
    sentence: 'Pool arm would take it. The token was refused.',
  },
  {
    name: 'the engine is about to end',
    job: waiting,
    world: hold('quitting', 'Trackside is about to end.'),
    kind: 'held',
    repairs: ['cancel-quit'],
    sentence: 'Pool arm would take it. Trackside is about to end.',
  },
  {
    name: 'one pool is held and another is not',
    job: waiting,
    world: { pools: [pool('arm', ['gpu'], { hold: full }), pool('big', ['gpu', 'cuda'], { count: 0 })] },
    kind: 'starting',
    repairs: [],
    sentence: 'Pool big starts a runner for it.',
  },
  {
    name: 'a held pool, and an idle runner of somebody else',
    job: { ...waiting, queuedAt: at(14, 30) },
    world: { ...hold('paused', 'Paused.'), runners: [foreign('box-1', gpu)] },
    kind: 'dispatching',
    repairs: [],
    sentence: 'box-1 is idle and should take it any moment.',
  },
  {
    name: 'a runner is being deployed',
    job: waiting,
    world: { runners: [own('arm-1', gpu, 'deploying', { forge: 'absent' })], pools: [pool('arm', ['gpu'])] },
    kind: 'starting',
    repairs: [],
    sentence: 'arm-1 is being started for it.',
  },
  {
    name: 'two runners are starting',
    job: waiting,
    world: { runners: [own('arm-1', gpu, 'starting'), own('arm-2', gpu, 'starting')] },
    kind: 'starting',
    repairs: [],
    sentence: 'arm-1 and arm-2 are being started for it.',
  },
  {
    name: 'a runner is started again later',
    job: waiting,
    world: {
      runners: [
        own('arm-1', gpu, 'starting', { retryAt: at(14, 33), cause: 'Its listener ended with code 2.' }),
      ],
    },
    kind: 'starting',
    repairs: [],
    sentence: 'arm-1 is started again at 14:33: Its listener ended with code 2.',
  },
  {
    name: 'a pool is about to start one',
    job: waiting,
    world: { pools: [pool('arm', ['gpu'], { count: 0 })] },
    kind: 'starting',
    repairs: [],
    sentence: 'Pool arm starts a runner for it.',
  },
  {
    name: 'a listener that the forge has not listed yet',
    job: waiting,
    world: { runners: [own('arm-1', gpu, 'idle', { stateSince: at(14, 30), forge: 'offline' })] },
    kind: 'starting',
    repairs: [],
    sentence: 'arm-1 is being started for it.',
  },
  {
    name: 'stopped by a person',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'stopped', { cause: 'Stopped as asked.' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['start-runner'],
    sentence: 'arm-1 is stopped since 13:00: Stopped as asked.',
  },
  {
    name: 'failed',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'failed', { cause: 'The registration was refused' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['start-runner'],
    sentence: 'arm-1 failed at 13:00: The registration was refused.',
  },
  {
    name: 'has lost the forge',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'reconnecting', { cause: 'Lost the forge: timeout.' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['restart-runner', 'open-page'],
    sentence: 'arm-1 has lost GitHub at 13:00: Lost the forge: timeout.',
  },
  {
    name: 'listens here and is offline there',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'idle', { forge: 'offline' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['restart-runner', 'open-page'],
    sentence: 'arm-1 listens since 13:00, and GitHub shows it as offline.',
  },
  {
    name: 'listens here and is not listed there',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'idle', { forge: 'absent' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['restart-runner', 'open-page'],
    sentence: 'arm-1 listens since 13:00, and GitHub does not list it.',
  },
  {
    name: 'is about to leave',
    job: waiting,
    world: {
      runners: [own('arm-1', gpu, 'busy', { draining: true, cause: 'Runs “test”.' })],
      pools: [pool('arm', ['gpu'], manual)],
    },
    kind: 'offline',
    repairs: ['open-screen'],
    sentence: 'arm-1 takes no more jobs and stops after the one it has: Runs “test”.',
  },
  {
    name: 'is leaving',
    job: waiting,
    world: { runners: [own('arm-1', gpu, 'removing')], pools: [pool('arm', ['gpu'], manual)] },
    kind: 'offline',
    repairs: ['open-screen'],
    sentence: 'arm-1 is leaving: It is so.',
  },
  {
    name: 'offline since it was first seen',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { forge: 'offline', since: null })] },
    kind: 'offline',
    repairs: ['open-page', 'deploy'],
    sentence: 'box-1 was offline already when it was first seen here.',
  },
  {
    name: 'offline since a while',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { forge: 'offline', since: at(13, 15) })] },
    kind: 'offline',
    repairs: ['open-page', 'deploy'],
    sentence: 'box-1 is offline since 13:15.',
  },
  {
    name: 'offline since this machine slept',
    job: waiting,
    world: { wokeAt: at(14, 25), runners: [foreign('box-1', gpu, { forge: 'offline', since: at(14, 25) })] },
    kind: 'offline',
    repairs: ['open-page', 'deploy'],
    sentence: 'box-1 is offline since 14:25. This machine woke from sleep then.',
  },
  {
    name: 'never connected',
    job: waiting,
    world: { runners: [foreign('box-1', gpu, { forge: 'offline', since: null, hasConnected: false })] },
    kind: 'offline',
    repairs: ['open-page', 'deploy'],
    sentence: 'box-1 has never connected.',
  },
  {
    name: 'three offline',
    job: waiting,
    world: {
      runners: [1, 2, 3].map((number) => foreign(`box-${number}`, gpu, { forge: 'offline', since: null })),
    },
    kind: 'offline',
    repairs: ['open-page', 'deploy'],
    sentence:
      'All 3 runners with labels `self-hosted` and `gpu` are offline: box-1, box-2 and box-3. box-1 was offline already when it was first seen here.',
  },
  {
    name: 'a manual pool without runners',
    job: waiting,
    world: { pools: [pool('arm', ['gpu'], { ...manual, count: 0 })] },
    kind: 'offline',
    repairs: ['add-runners'],
    sentence: 'Pool arm would take it and has no runner with these labels now.',
  },
  {
    name: 'a group that excludes the repository',
    job: waiting,
    world: {
      runners: [
        foreign('org-1', gpu, {
          group: 'gpu-farm',
          excluded: 'The group gpu-farm serves only selected repositories, and this is none of them',
        }),
      ],
    },
    kind: 'group',
    repairs: ['open-page', 'deploy'],
    sentence:
      'org-1, in group gpu-farm, has its labels. The group gpu-farm serves only selected repositories, and this is none of them.',
  },
  {
    name: 'a group for private repositories',
    job: waiting,
    world: {
      runners: [
        foreign('org-1', gpu, {
          group: 'Default',
          excluded: 'The group Default serves no public repository.',
        }),
        foreign('org-2', gpu, {
          group: 'Default',
          excluded: 'The group Default serves no public repository.',
        }),
      ],
    },
    kind: 'group',
    repairs: ['open-page', 'deploy'],
    sentence:
      'org-1 and org-2, in group Default, have its labels. The group Default serves no public repository.',
  },
  {
    name: 'a group that excludes it, and a pool of ours',
    job: waiting,
    world: {
      pools: [pool('arm', ['gpu'], { count: 0 })],
      runners: [foreign('org-1', gpu, { group: 'g', excluded: 'No.' })],
    },
    kind: 'starting',
    repairs: [],
    sentence: 'Pool arm starts a runner for it.',
  },
];

test.each(cases)('$name', ({ job: one, world: around, kind, repairs, sentence }) => {
  const found = diagnose(one, world(around));
  expect({
    kind: found.kind,
    repairs: found.repairs.map((repair) => repair.kind),
    sentence: found.sentence,
  }).toEqual({ kind, repairs, sentence });
});
