import { expect, test } from 'vitest';
import { runnerEnvironment } from './environment.ts';

test('a runner gets the host environment without what is the engine’s alone', () => {
  const host = {
    PATH: '/app/node_modules/.bin:/lib/node_modules/npm/node-gyp-bin:/usr/local/bin:/usr/bin',
    HOME: '/home/ada',
    LANG: 'de_DE.UTF-8',
    https_proxy: 'http://proxy:3128',
    ANDROID_HOME: '/opt/android',
    GITHUB_TOKEN: 'x',
    GH_TOKEN: 'x',
    GH_ENTERPRISE_TOKEN: 'x',
    TRACKSIDE_TOKEN: 'x',
    actions_runner_input_token: 'x',
    ACTIONS_RUNNER_INPUT_PAT: 'x',
    npm_config__authToken: 'x',
    NODE_OPTIONS: '--inspect',
    ELECTRON_RUN_AS_NODE: '1',
    unset: undefined,
  };
  expect(runnerEnvironment(host, { root: false, own: { ACTIONS_RUNNER_INPUT_JITCONFIG: 'jit' } })).toEqual({
    PATH: '/usr/local/bin:/usr/bin',
    HOME: '/home/ada',
    LANG: 'de_DE.UTF-8',
    https_proxy: 'http://proxy:3128',
    ANDROID_HOME: '/opt/android',
    ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1',
    ACTIONS_RUNNER_INPUT_JITCONFIG: 'jit',
  });
  expect(runnerEnvironment({}, { root: true })).toMatchObject({ RUNNER_ALLOW_RUNASROOT: '1' });
});
