import type {
  IpcMain,
  IpcMainEvent,
  MessageChannelMain,
  MessagePortMain,
  WebContents,
  WebFrameMain,
} from 'electron';
import { expect, test } from 'vitest';
import { portChannel } from '../../shared/bridge.ts';
import { isTrustedSender, type Sender, setupPort } from './port.ts';

interface Sent {
  channel: string;
  ports: MessagePortMain[];
}

function frame(url: string) {
  const sent: Sent[] = [];
  const postMessage: WebFrameMain['postMessage'] = (channel, _message, ports = []) => {
    sent.push({ channel, ports });
  };
  const plain: Pick<WebFrameMain, 'url' | 'postMessage'> = { url, postMessage };
  return { frame: plain as WebFrameMain, sent };
}

function contents(mainFrame: WebFrameMain): WebContents {
  const plain: Pick<WebContents, 'mainFrame'> = { mainFrame };
  return plain as WebContents;
}

const own = frame('trackside://panel/index.html#/runners');
const window = contents(own.frame);

test('the main frame of our window with our page is trusted', () => {
  expect(isTrustedSender({ sender: window, senderFrame: own.frame }, window)).toBe(true);
});

const navigated = frame('https://panel/index.html').frame;
const lookalike = frame('trackside://panel.evil/index.html').frame;
const blank = frame('about:blank').frame;
const rejected: [string, Sender, WebContents][] = [
  ['a frame that is gone', { sender: window, senderFrame: null }, window],
  ['a frame within the page', { sender: window, senderFrame: frame(own.frame.url).frame }, window],
  ['another window', { sender: contents(own.frame), senderFrame: own.frame }, window],
  ...[navigated, lookalike, blank].map((page): [string, Sender, WebContents] => {
    const sender = contents(page);
    return [`the page ${page.url}`, { sender, senderFrame: page }, sender];
  }),
];

test.each(rejected)('%s is not trusted', (_name, event, ours) => {
  expect(isTrustedSender(event, ours)).toBe(false);
});

test('only a trusted sender gets a port', () => {
  const listeners: ((event: IpcMainEvent) => void)[] = [];
  const ipcMain: Pick<IpcMain, 'on'> = {
    on(channel, listener) {
      expect(channel).toBe(portChannel);
      listeners.push(listener);
      return ipcMain as IpcMain;
    },
  };
  const port1 = {} as MessagePortMain;
  const port2 = {} as MessagePortMain;
  const attached: MessagePortMain[] = [];
  setupPort({
    ipcMain,
    window,
    createChannel: () => ({ port1, port2 }) as MessageChannelMain,
    attach: (port) => attached.push(port),
  });
  const say = (event: Sender): void => listeners[0]?.(event as IpcMainEvent);

  const within = frame(own.frame.url);
  say({ sender: window, senderFrame: within.frame });
  expect(attached).toEqual([]);
  expect(within.sent).toEqual([]);

  say({ sender: window, senderFrame: own.frame });
  expect(attached).toEqual([port1]);
  expect(own.sent).toEqual([{ channel: portChannel, ports: [port2] }]);
});
