/** Hands the window's page its port to the engine. The one IPC channel there is. */
import type { IpcMain, IpcMainEvent, MessageChannelMain, MessagePortMain, WebContents } from 'electron';
import { portChannel } from '../../shared/bridge.ts';
import { isOwnPage } from './page-address.ts';

/** What is looked at before an IPC message is believed. */
export type Sender = Pick<IpcMainEvent, 'sender' | 'senderFrame'>;

/**
 * Whether a message comes from our own page in the main frame of our own window: not from another window, a frame
 * within the page, or a page that somebody navigated to.
 */
export function isTrustedSender(event: Sender, window: WebContents): boolean {
  const { sender, senderFrame } = event;
  if (sender !== window || !senderFrame || senderFrame !== sender.mainFrame) return false;
  return isOwnPage(senderFrame.url);
}

/**
 * Answers each trusted request with a fresh port; ignores others.
 * @param attach serves the engine on the main process's end, at once or when the engine is ready
 */
export function setupPort(options: {
  ipcMain: Pick<IpcMain, 'on'>;
  window: WebContents;
  createChannel: () => MessageChannelMain;
  attach: (port: MessagePortMain) => void;
}): void {
  const { ipcMain, window, createChannel, attach } = options;
  ipcMain.on(portChannel, (event) => {
    if (!isTrustedSender(event, window)) return;
    const { port1, port2 } = createChannel();
    attach(port1);
    event.senderFrame?.postMessage(portChannel, null, [port2]);
  });
}
