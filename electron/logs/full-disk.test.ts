import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { createLogLab, download, type LogLab } from '../testing/log-lab.ts';
import { mountSmallDisk, noSmallDisks } from '../testing/small-disk.ts';

const reason = noSmallDisks();
let lab: LogLab;
afterEach(async () => {
  await lab.logs.dispose();
  execFileSync('umount', [lab.cacheFolder], { stdio: 'ignore' });
  await lab.dispose();
});

const told = {
  code: 'HOST_FAILED',
  message: expect.stringMatching(/^The disk has no room for the log of .*\. .* are free in /),
  data: { remedy: expect.stringMatching(/^Free some space/) },
};

test.skipIf(reason !== null)(
  'a disk that fills up while a log is written: one sentence, nothing half-made',
  async () => {
    lab = await createLogLab();
    const disk = mountSmallDisk(lab.cacheFolder, 4 * 1024 ** 2);
    lab.runJob();
    await writeFile(lab.page('t_a_1.log'), 'Run it\n');
    const live = lab.follow({ kind: 'runner-job', runnerId: 'r1' });
    await live.until(({ lines }) => lines === 1);
    disk.fill();
    await writeFile(lab.page('t_b_1.log'), `${'x'.repeat(10_000)}\n`.repeat(50));
    await expect(live.failed).rejects.toMatchObject(told);
    lab.answer = async () => ({ ...download('x'.repeat(500_000)), sizeBytes: null });
    const fetched = lab.follow({ kind: 'job', repositoryId: 'x', jobId: 8 });
    await expect(fetched.failed).rejects.toMatchObject(told);
    await expect.poll(() => lab.cached()).toEqual([]);
  },
);
